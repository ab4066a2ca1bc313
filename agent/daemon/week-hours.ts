/** Hours of the week, by the machine's own time: which hold now, and when that may change. */

export interface WeekHours {
  /** On which they begin. */
  readonly weekdays: readonly string[];
  /** `22:00`. */
  readonly from: string;
  /** Not included. Up to or before `from`: on the day after; the same: a whole day. */
  readonly to: string;
}

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** A clock's answer at one moment. */
export interface LocalTime {
  readonly weekday: string;
  readonly yesterday: string;
  /** `HH:MM`. */
  readonly time: string;
}

export function localTime(nowMs: number, timeZone: string): LocalTime {
  const now = zoned(nowMs, timeZone);
  return {
    weekday: WEEKDAYS[now.dayOfWeek - 1] ?? "",
    yesterday: WEEKDAYS[(now.dayOfWeek + 5) % 7] ?? "",
    time: now.toPlainTime().toString({ smallestUnit: "minute" }),
  };
}

export function holdsAt({ weekdays, from, to }: WeekHours, { weekday, yesterday, time }: LocalTime): boolean {
  const isToday = weekdays.includes(weekday);
  if (from < to) return isToday && from <= time && time < to;
  return (isToday && from <= time) || (weekdays.includes(yesterday) && time < to);
}

/**
 * The first moment after now at which one of them may begin or end: a time of day at which one does, or a change of the clock. Infinity when there are
 * none. What holds at every moment before is what holds now.
 */
export function nextEdge(hours: readonly WeekHours[], nowMs: number, timeZone: string): number {
  if (hours.length === 0) return Number.POSITIVE_INFINITY;
  const now = zoned(nowMs, timeZone);
  const times = new Set(hours.flatMap(({ from, to }) => [from, to]));
  const edges = [now.getTimeZoneTransition("next")?.epochMilliseconds];
  for (const days of [0, 1, 2]) {
    const day = now.toPlainDate().add({ days });
    // A time that comes twice is an edge twice; one that is left out lies at the change.
    for (const time of times)
      for (const disambiguation of ["earlier", "later"] as const)
        edges.push(day.toPlainDateTime(time).toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds);
  }
  return edges.reduce<number>(
    (first, edge) => (edge !== undefined && edge > nowMs ? Math.min(first, edge) : first),
    Infinity,
  );
}

const zoned = (nowMs: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
