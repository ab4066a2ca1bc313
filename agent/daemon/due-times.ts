/** When a schedule with a time of day is due: once a day that it names, whatever the clocks do that day. */
import type { Schedule } from "../../protocol/messages/policies.ts";
import { WEEKDAYS } from "./week-hours.ts";

export type TimedSchedule = Extract<Schedule, { readonly at: string }>;

/** More than a week: the day looked for may be today, before or after now. */
const LOOK_DAYS = 9;

export interface DueBy {
  readonly timeZone: string;
  /** 0 to 1, steady for a machine: where in the spread its time lies. */
  readonly seed: number;
}

/** The last time up to `nowMs`; undefined when the schedule names no day. */
export function lastDue(schedule: TimedSchedule, nowMs: number, by: DueBy): number | undefined {
  const found = around(schedule, nowMs, by, -1).filter((at) => at <= nowMs);
  return found.length > 0 ? Math.max(...found) : undefined;
}

/** The first time after `nowMs`. */
export function nextDue(schedule: TimedSchedule, nowMs: number, by: DueBy): number | undefined {
  const found = around(schedule, nowMs, by, 1).filter((at) => at > nowMs);
  return found.length > 0 ? Math.min(...found) : undefined;
}

function around(schedule: TimedSchedule, nowMs: number, by: DueBy, way: 1 | -1): number[] {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(by.timeZone).toPlainDate();
  const isDaily = schedule.frequency === "daily";
  const found: number[] = [];
  // Spread and changes of the clock may carry a time over midnight: from one day on the other side.
  for (let step = -1; step < (isDaily ? 3 : LOOK_DAYS); step++) {
    const day = today.add({ days: step * way });
    if (isDay(schedule, day)) found.push(dueOn(schedule, day, by));
  }
  return found;
}

function isDay({ frequency, weekdays }: TimedSchedule, day: Temporal.PlainDate): boolean {
  if (frequency === "daily") return true;
  const name = WEEKDAYS[day.dayOfWeek - 1];
  return name !== undefined && weekdays.includes(name);
}

/** A time that a change of the clock leaves out comes as much later; of one that comes twice the first counts. */
function dueOn({ at, spreadMinutes }: TimedSchedule, day: Temporal.PlainDate, { timeZone, seed }: DueBy): number {
  const sharp = day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(at) }).epochMilliseconds;
  return sharp + Math.round((seed * 2 - 1) * spreadMinutes * 60) * 1000;
}
