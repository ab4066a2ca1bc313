/**
 * Dates as people write them, in their own time zone. What is written means its own end: `2026-11-01` is the last moment of
 * that day and `18:00` the last of that minute, so that a snapshot listed under a date is found by that date.
 */
import { HoldfastError } from "../protocol/errors.ts";

export type When =
  | { readonly kind: "latest" }
  | { readonly kind: "sequence"; readonly sequence: number }
  /** Milliseconds since 1970: the latest snapshot at or before it is meant. */
  | { readonly kind: "instant"; readonly instant: number };

export interface Here {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** For example Europe/Berlin. */
  readonly timeZone: string;
  /** Whose help says more. */
  readonly command: string;
}

export const WHEN_EXAMPLES = "latest, #12, 2026-11-01, “2026-11-01 18:00”, yesterday, “3 days ago”, “last monday 9:30”";

/** Throws `option/invalid`. */
export function parseWhen(text: string, here: Here): When {
  const words = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (words === "latest" || words === "") return { kind: "latest" };
  const number = /^(?:#(\d{1,15})|(\d{1,7}))$/.exec(words);
  if (number) return { kind: "sequence", sequence: Number(number[1] ?? number[2]) };
  const instant = parseInstant(words, here);
  if (instant === undefined)
    throw new HoldfastError("option/invalid", {
      option: `date “${text}”`,
      reason: `not understood; write for example ${WHEN_EXAMPLES}`,
      command: here.command,
    });
  return { kind: "instant", instant };
}

function parseInstant(words: string, { nowMs, timeZone }: Here): number | undefined {
  if (words === "now") return nowMs;
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  return parseAgo(words, now) ?? parseIso(words, timeZone) ?? parseDayAndTime(words, now);
}

const UNITS: Readonly<Record<string, keyof Temporal.DurationLikeObject>> = {
  s: "seconds",
  sec: "seconds",
  second: "seconds",
  m: "minutes",
  min: "minutes",
  minute: "minutes",
  h: "hours",
  hour: "hours",
  d: "days",
  day: "days",
  w: "weeks",
  week: "weeks",
  month: "months",
  y: "years",
  year: "years",
};

/** Calendar units keep the time of day, also where the clock was changed in between. */
function parseAgo(words: string, now: Temporal.ZonedDateTime): number | undefined {
  const match = /^(\d{1,6}|an?) ?([a-z]+?)s? ago$/.exec(words);
  const unit = match && (UNITS[match[2] ?? ""] ?? UNITS[`${match[2]}s`]);
  if (!unit) return undefined;
  const amount = Number.isNaN(Number(match[1])) ? 1 : Number(match[1]);
  return orUndefined(() => now.subtract({ [unit]: amount }).epochMilliseconds);
}

/** ISO 8601 with an offset or Z, to the fraction that is written. */
function parseIso(words: string, timeZone: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d(?::\d\d(\.\d{1,9})?)?) ?(z|[+-]\d\d:?\d\d)$/.exec(words);
  if (!match) return undefined;
  const [, day, time = "", fraction, offset = ""] = match;
  const start = orUndefined(() => Temporal.Instant.from(`${day}T${time}${offset.toUpperCase()}`));
  if (!start) return undefined;
  if (fraction) return start.epochMilliseconds;
  return lastOf(start.toZonedDateTimeISO(timeZone), time.length > 5 ? { seconds: 1 } : { minutes: 1 });
}

function parseDayAndTime(words: string, now: Temporal.ZonedDateTime): number | undefined {
  const match = /^(?<day>(?:last )?[a-z]+?|\d{4}-\d\d-\d\d)?(?:(?:^|t| | at )(?<time>\d{1,2}:\d\d(?::\d\d)?))?$/.exec(
    words,
  );
  if (!match?.groups) return undefined;
  const { day = "today", time } = match.groups;
  const date = parseDay(day, now);
  if (!date) return undefined;
  const timeZone = now.timeZoneId;
  if (!time) return lastOf(date.toZonedDateTime(timeZone), { days: 1 });
  const plainTime = orUndefined(() => Temporal.PlainTime.from(time.padStart(time.length < 6 ? 5 : 8, "0")));
  if (!plainTime) return undefined;
  return lastOf(date.toZonedDateTime({ timeZone, plainTime }), time.length > 5 ? { seconds: 1 } : { minutes: 1 });
}

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

function parseDay(day: string, now: Temporal.ZonedDateTime): Temporal.PlainDate | undefined {
  const today = now.toPlainDate();
  if (day === "today") return today;
  if (day === "yesterday") return today.subtract({ days: 1 });
  if (/^\d{4}-\d\d-\d\d$/.test(day)) return orUndefined(() => Temporal.PlainDate.from(day, { overflow: "reject" }));
  const name = day.replace(/^last /, "");
  const weekday = name.length < 3 ? -1 : WEEKDAYS.findIndex((each) => each === name || each.slice(0, 3) === name);
  if (weekday < 0) return undefined;
  const daysBack = (today.dayOfWeek - (weekday + 1) + 7) % 7 || 7;
  return today.subtract({ days: daysBack });
}

const lastOf = (start: Temporal.ZonedDateTime, unit: Temporal.DurationLikeObject): number =>
  start.add(unit).epochMilliseconds - 1;

/** Temporal throws RangeError for dates that don't exist. */
function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
