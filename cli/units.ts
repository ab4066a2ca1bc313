/** Sizes, times and counts in words. Exact numbers are for --json. */

const SIZES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** For example `512 B`, `1.5 KiB`, `20 GiB`. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1023.5 && unit < SIZES.length - 1; unit++) value /= 1024;
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${SIZES[unit]}`;
}

/** For example `1,234`. By hand: what knows all languages takes 5 ms to load. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** `1 file`, `2 files`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** For example `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Local time with its zone, for example `2026-11-01 18:00:23 GMT+1`. `at`: ISO 8601 or milliseconds since 1970. */
export function moment(at: string | number, timeZone: string): string {
  if (timeZone === "UTC") return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`; // As servers have it.
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(new Date(at))
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second} ${parts.timeZoneName}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
  formats.set(timeZone, made);
  return made;
}

/** `drwxr-xr-x` from a type's letter and permission bits. */
export function permissions(letter: string, mode: number): string {
  const bit = (mask: number, character: string) => (mode & mask ? character : "-");
  const last = (execute: number, special: number, both: string) =>
    mode & special ? (mode & execute ? both : both.toUpperCase()) : bit(execute, "x");
  return [
    letter,
    bit(0o400, "r") + bit(0o200, "w") + last(0o100, 0o4000, "s"),
    bit(0o040, "r") + bit(0o020, "w") + last(0o010, 0o2000, "s"),
    bit(0o004, "r") + bit(0o002, "w") + last(0o001, 0o1000, "t"),
  ].join("");
}
