/**
 * Bandwidth by hour and weekday, as a table of 7 × 24 cells and as the rules that agents are told. Of rules the first that fits counts; one whose end is
 * not after its beginning goes over midnight.
 */
import type { SettingValue } from "./setting-lines.ts";

export type HoursRule = SettingValue<"bandwidth">["hours"][number];
export type Weekday = HoursRule["weekdays"][number];

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** null: as fast as it goes. */
export interface Speed {
  readonly uploadBytesPerSecond: number | null;
  readonly downloadBytesPerSecond: number | null;
}

export interface Week {
  readonly speeds: readonly Speed[];
  /** By day and hour: which of `speeds`; -1: none of them, what holds otherwise. */
  readonly cells: readonly (readonly number[])[];
  /** False: some rule begins or ends within an hour, which the table can't show. */
  readonly isExact: boolean;
}

export const NO_SPEED = -1;

export function weekOf(hours: readonly HoursRule[]): Week {
  const speeds: Speed[] = [];
  const indexOf = ({ uploadBytesPerSecond, downloadBytesPerSecond }: HoursRule): number => {
    const found = speeds.findIndex(
      (speed) =>
        speed.uploadBytesPerSecond === uploadBytesPerSecond && speed.downloadBytesPerSecond === downloadBytesPerSecond,
    );
    if (found >= 0) return found;
    speeds.push({ uploadBytesPerSecond, downloadBytesPerSecond });
    return speeds.length - 1;
  };
  const rules = hours.map((rule) => ({ rule, speed: indexOf(rule) }));
  const cells = WEEKDAYS.map((_, day) =>
    HOURS.map((hour) => rules.find(({ rule }) => holds(rule, day, hour * 60))?.speed ?? NO_SPEED),
  );
  return { speeds, cells, isExact: hours.every(({ from, to }) => from.endsWith(":00") && to.endsWith(":00")) };
}

/** At a minute of a day, also on the morning after a day that it names. */
function holds({ weekdays, from, to }: HoursRule, day: number, minute: number): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  const isNamed = (of: number) => weekdays.some((name) => name === WEEKDAYS[(of + 7) % 7]);
  if (begin < end) return isNamed(day) && minute >= begin && minute < end;
  return (isNamed(day) && minute >= begin) || (isNamed(day - 1) && minute < end);
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** As few as it goes: days with the same stretch of hours are one rule. */
export function hoursOf({ speeds, cells }: Pick<Week, "speeds" | "cells">): HoursRule[] {
  const rules = new Map<string, HoursRule>();
  for (const [day, row] of cells.entries())
    for (const { speed, from, to } of stretches(row)) {
      const [weekday, rates] = [WEEKDAYS[day], speeds[speed]];
      if (weekday === undefined || rates === undefined) continue;
      const key = `${from} ${to} ${speed}`;
      const weekdays = [...(rules.get(key)?.weekdays ?? []), weekday];
      rules.set(key, { weekdays, from: timeOf(from), to: timeOf(to), ...rates });
    }
  return [...rules.values()];
}

/** Neighbouring hours of one speed. A whole day is two, so that no rule's end is its beginning. */
function stretches(row: readonly number[]): readonly { speed: number; from: number; to: number }[] {
  const found: { speed: number; from: number; to: number }[] = [];
  for (const hour of HOURS) {
    const speed = row[hour] ?? NO_SPEED;
    const last = found.at(-1);
    if (last !== undefined && last.speed === speed && !(last.from === 0 && hour === 23)) last.to = hour + 1;
    else found.push({ speed, from: hour, to: hour + 1 });
  }
  return found.filter(({ speed }) => speed !== NO_SPEED);
}

const timeOf = (hour: number): string => `${String(hour % 24).padStart(2, "0")}:00`;
