/** A day of a time zone as the instants between which it lies: for filters of lists. */

export interface DayRange {
  /** Instants of the API. */
  readonly since: string;
  readonly until: string;
}

/** `day` as `2026-11-21`; without a zone the reader's own. */
export const dayRange = (day: string, timeZone?: string): DayRange => ({
  since: new Date(startOfDay(day, timeZone)).toISOString(),
  until: new Date(startOfDay(dayAfter(day), timeZone)).toISOString(),
});

/** `2026-11-21` → `2026-11-22` */
const dayAfter = (day: string): string => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);

/** `2026-11-21`, as a clock of that zone shows it. */
export const dayAt = (instant: string, timeZone?: string): string => {
  const { year, month, day } = partsAt(Date.parse(instant), timeZone);
  return `${year}-${month}-${day}`;
};

const DAY_MS = 24 * 3_600_000;

/** Milliseconds since 1970. Twice, because the offset at the first guess may be that of another season. */
function startOfDay(day: string, timeZone: string | undefined): number {
  const wanted = Date.parse(day);
  const guess = wanted - offsetAt(wanted, timeZone);
  return wanted - offsetAt(guess, timeZone);
}

/** How far the zone's clocks are ahead of UTC then. */
function offsetAt(at: number, timeZone: string | undefined): number {
  const { year, month, day, hour, minute } = partsAt(at, timeZone);
  const shown = Date.parse(`${year}-${month}-${day}T${hour === "24" ? "00" : hour}:${minute}:00Z`);
  return shown - Math.floor(at / 60_000) * 60_000;
}

function partsAt(at: number, timeZone: string | undefined): Readonly<Record<string, string>> {
  const format = new Intl.DateTimeFormat("en-u-ca-iso8601-nu-latn", {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}
