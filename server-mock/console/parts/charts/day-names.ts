/** Days as `2026-11-21`, read the same in every time zone. */

const LONG = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat(undefined, { month: "short", timeZone: "UTC" });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: "narrow", timeZone: "UTC" });

const DAY_MS = 24 * 3_600_000;

/** `Saturday, 21 November 2026` */
export const longDay = (day: string): string => LONG.format(new Date(day));
/** `21 Nov` */
export const shortDay = (day: string): string => SHORT.format(new Date(day));
export const monthOf = (day: string): string => MONTH.format(new Date(day));
export const weekdayLetter = (day: string): string => WEEKDAY.format(new Date(day));

/** Monday is 0. */
export const weekdayOf = (day: string): number => (new Date(day).getUTCDay() + 6) % 7;

/** Both ends belong to it. */
export function daysFrom(from: string, until: string): readonly string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(until); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
