/** How the runs of each day ended, week by week. One stop for the Tab key; arrow keys go from day to day. */
import { Group, Text } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { Link } from "wouter";
import type { RunDays } from "../../../../protocol/messages/overview.ts";
import { text } from "../../messages/messages.ts";
import "./calendar-strip.css";
import { daysFrom, longDay, monthOf, weekdayLetter, weekdayOf } from "./day-names.ts";
import { type DayResult, dayResult, type RunDay } from "./day-result.ts";

export interface CalendarStripProps {
  /** What it is about, for screen readers. */
  readonly label: string;
  readonly runs: Pick<RunDays, "from" | "until" | "days">;
  /** Where a day's runs are listed; undefined: nowhere. */
  readonly hrefOf?: (day: string) => string;
}

const { calendar } = text.charts;

const SIGNS: Readonly<Record<DayResult, string>> = {
  success: "✓",
  warnings: "!",
  failed: "×",
  cancelled: "–",
  running: "…",
  none: "",
};

/** Any that begins on a Monday. */
const A_WEEK = daysFrom("2026-11-16", "2026-11-22");

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 };

export function CalendarStrip({ label, runs, hrefOf }: CalendarStripProps) {
  const days = daysFrom(runs.from, runs.until);
  const byDay = new Map(runs.days.map((day) => [day.day, day]));
  const [current, setCurrent] = useState(days.length - 1);
  const grid = useRef<HTMLUListElement>(null);
  const offset = weekdayOf(runs.from);
  const onKeyDown = (event: KeyboardEvent) => {
    const ends: Readonly<Record<string, number>> = { Home: 0, End: days.length - 1 };
    const step = STEPS[event.key];
    const target = ends[event.key] ?? (step === undefined ? undefined : current + step);
    if (target === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(target, days.length - 1));
    setCurrent(next);
    grid.current?.querySelector<HTMLElement>(`[data-day="${days[next]}"]`)?.focus();
  };
  return (
    <div className="calendar">
      <div className="calendar-scroll">
        <div className="calendar-weekdays" aria-hidden="true">
          {A_WEEK.map((day) => (
            <span key={day}>{weekdayOf(day) % 2 === 0 ? weekdayLetter(day) : ""}</span>
          ))}
        </div>
        <ul ref={grid} className="calendar-grid" aria-label={label}>
          {days.map((day, index) => {
            const place = { gridRow: ((offset + index) % 7) + 2, gridColumn: Math.floor((offset + index) / 7) + 1 };
            const result = dayResult(byDay.get(day));
            const said = `${longDay(day)}: ${sayDay(byDay.get(day))}`;
            const cell = {
              className: `calendar-day calendar-${result}`,
              tabIndex: index === current ? 0 : -1,
              "data-day": day,
              "aria-label": said,
              title: said,
              onFocus: () => setCurrent(index),
              onKeyDown,
            };
            return (
              <li key={day} style={place}>
                {isMonthStart(day, index) && (
                  <span className="calendar-month" aria-hidden="true">
                    {monthOf(day)}
                  </span>
                )}
                {hrefOf === undefined ? (
                  <span role="img" {...cell}>
                    <span aria-hidden="true">{SIGNS[result]}</span>
                  </span>
                ) : (
                  <Link href={hrefOf(day)} {...cell}>
                    <span aria-hidden="true">{SIGNS[result]}</span>
                  </Link>
                )}
              </li>
            );
          })}
        </ul>
      </div>
      <Legend days={days} byDay={byDay} />
    </div>
  );
}

/** Above the first week that begins in the month. */
const isMonthStart = (day: string, index: number): boolean =>
  weekdayOf(day) === 0 && (Number(day.slice(8)) <= 7 || (index < 7 && Number(day.slice(8)) <= 21));

/** `2 succeeded, 1 failed` */
function sayDay(day: RunDay | undefined): string {
  if (day === undefined) return calendar.nothing;
  const counts = (["succeeded", "incomplete", "failed", "cancelled", "running"] as const).flatMap((key) =>
    day[key] > 0 ? [calendar.counts[key](day[key])] : [],
  );
  return counts.length === 0 ? calendar.nothing : counts.join(", ");
}

function Legend({ days, byDay }: { readonly days: readonly string[]; readonly byDay: ReadonlyMap<string, RunDay> }) {
  const counts = new Map<DayResult, number>();
  for (const day of days) {
    const result = dayResult(byDay.get(day));
    counts.set(result, (counts.get(result) ?? 0) + 1);
  }
  const shown = (Object.keys(SIGNS) as DayResult[]).filter((result) => counts.has(result)); // Its own keys.
  return (
    <Group gap="md" mt="xs" className="calendar-legend">
      {shown.map((result) => (
        <Group key={result} gap={6} wrap="nowrap">
          <span className={`calendar-day calendar-key calendar-${result}`} aria-hidden="true">
            {SIGNS[result]}
          </span>
          <Text size="xs" c="dimmed">
            {calendar.days(counts.get(result) ?? 0, calendar[result])}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
