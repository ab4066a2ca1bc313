/** When a schedule is due next, by the clock of its own time zone: 07:00 stays 07:00 when summer time begins. */
import type { Frequency, ScheduleTiming } from "../../../protocol/messages/schedules.ts";

/** The first time after `afterMs`, in milliseconds since 1970. A time that a change of the clock leaves out comes as much later. */
export function nextTime(frequency: Frequency, timing: ScheduleTiming, afterMs: number): number {
  const { timeZone } = timing;
  const after = Temporal.Instant.fromEpochMilliseconds(afterMs).toZonedDateTimeISO(timeZone);
  // The day before, too: at its end the clock may have been changed over midnight.
  for (let day = after.toPlainDate().subtract({ days: 1 }); ; day = day.add({ days: 1 })) {
    if (!isDay(frequency, timing, day)) continue;
    const at = day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(timing.time) }).epochMilliseconds;
    if (at > afterMs) return at;
  }
}

function isDay(frequency: Frequency, { weekday, monthday }: ScheduleTiming, day: Temporal.PlainDate): boolean {
  switch (frequency) {
    case "daily":
      return true;
    case "weekly":
      return day.dayOfWeek === weekday;
    case "monthly":
      return day.day === Math.min(monthday, day.daysInMonth);
  }
}

/** What a summary of this frequency looks back on. */
export const PERIOD_DAYS: Readonly<Record<Frequency, number>> = { daily: 1, weekly: 7, monthly: 31 };
