/** Days and hours as people type them: `mon-fri`, `sat,sun`, `daily`; `08:00-18:00`. What is shown can be typed again. */
import type { Schedule } from "../../protocol/messages/policies.ts";

export type Weekday = Extract<Schedule, { type: "Scheduled" }>["weekdays"][number];

const DAYS: readonly Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const SHORT_LENGTH = 3;
const SPANS: Readonly<Record<string, readonly Weekday[]>> = {
  daily: DAYS,
  weekdays: DAYS.slice(0, 5),
  weekend: DAYS.slice(5),
};
export const DAYS_RULE = "days are written mon,thu or mon-fri, or daily";

/** In the order of the week, each once; undefined for what names no days. */
export function parseDays(text: string): Weekday[] | undefined {
  const named = new Set<Weekday>();
  for (const part of text.toLowerCase().split(",")) {
    const days = SPANS[part] ?? spanOf(part);
    if (days === undefined) return undefined;
    for (const day of days) named.add(day);
  }
  return DAYS.filter((day) => named.has(day));
}

/** `fri-mon` goes over the weekend. */
function spanOf(text: string): Weekday[] | undefined {
  const [first, last, ...more] = text.split("-").map(dayOf);
  if (first === undefined || more.length > 0 || (text.includes("-") && last === undefined)) return undefined;
  const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last ?? first)];
  return DAYS.filter((_, day) => (from <= to ? day >= from && day <= to : day >= from || day <= to));
}

const dayOf = (text: string): Weekday | undefined =>
  text.length < SHORT_LENGTH - 1 ? undefined : DAYS.find((day) => day.startsWith(text));

export function showDays(days: readonly Weekday[]): string {
  if (days.length === DAYS.length) return "daily";
  const runs: number[][] = [];
  for (const [index] of DAYS.entries().filter(([, day]) => days.includes(day))) {
    const last = runs.at(-1);
    if (last !== undefined && last.at(-1) === index - 1) last.push(index);
    else runs.push([index]);
  }
  return runs.map(showRun).join(",");
}

function showRun(run: readonly number[]): string {
  const names = run.map((index) => (DAYS[index] ?? "").slice(0, SHORT_LENGTH));
  return names.length > 2 ? `${names[0]}-${names.at(-1)}` : names.join(",");
}

export const HOURS_RULE = "hours are written 08:00-18:00";

/** With two digits each; over midnight when the end is earlier. */
export function parseHours(text: string): { readonly from: string; readonly to: string } | undefined {
  const [from, to, ...more] = text.split("-").map(parseTime);
  return from === undefined || to === undefined || more.length > 0 ? undefined : { from, to };
}

export function parseTime(text: string): string | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return `${hours.padStart(2, "0")}:${minutes}`;
}
