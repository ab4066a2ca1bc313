/** To the minute, in the reader's time zone: short enough for a column. */
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const LONG = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });

export const minuteTime = (at: string): string => MINUTE.format(new Date(at));

/** `Friday, 20 November 2026 at 14:05`. */
export const longTime = (at: string): string => LONG.format(new Date(at));

/** `14:05`. */
export const timeOfDay = (at: string): string => TIME.format(new Date(at));

/** Of `2026-11-20`: the same day wherever it is read. */
export const longDay = (day: string): string => DAY.format(new Date(`${day}T12:00:00`));
