/** 7 × 24 cells to paint: with the mouse held down, or with arrow keys and Space. */
import { Box } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { text } from "../../messages/messages.ts";
import { HOURS, WEEKDAYS } from "./week-hours.ts";

const SPEED_COLOURS = 5;
const { week: texts, weekdays } = text.policies;

export interface WeekTableProps {
  readonly cells: readonly (readonly number[])[];
  /** Of the speed in a cell, for people. */
  readonly nameOf: (speed: number) => string;
  readonly brush: number;
  readonly onPaint: (cells: readonly (readonly number[])[]) => void;
}

interface Place {
  readonly day: number;
  readonly hour: number;
}

const STEPS: Readonly<Record<string, Place>> = {
  ArrowUp: { day: -1, hour: 0 },
  ArrowDown: { day: 1, hour: 0 },
  ArrowLeft: { day: 0, hour: -1 },
  ArrowRight: { day: 0, hour: 1 },
};

export function WeekTable({ cells, nameOf, brush, onPaint }: WeekTableProps) {
  const [at, setAt] = useState<Place>({ day: 0, hour: 8 });
  const table = useRef<HTMLTableElement>(null);
  /** With what was painted since they were drawn: a quick mouse is over several of them before that. */
  const painted = useRef(cells);
  painted.current = cells;
  const paint = (places: readonly Place[]) => {
    painted.current = painted.current.map((row, day) =>
      row.map((speed, hour) => (places.some((place) => place.day === day && place.hour === hour) ? brush : speed)),
    );
    onPaint(painted.current);
  };
  const goTo = (place: Place) => {
    setAt(place);
    table.current?.querySelector<HTMLElement>(`[data-at="${place.day}-${place.hour}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      paint([at]);
      return;
    }
    const next = placeAfter(at, event.key);
    if (next === undefined) return;
    event.preventDefault();
    if (event.shiftKey) paint([at, next]);
    goTo(next);
  };
  return (
    <Box className="week-box">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are worked with is a grid. */}
      <table className="week-table" role="grid" aria-label={texts.label} ref={table} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <td />
            {HOURS.map((hour) => (
              <th key={hour} scope="col">
                {String(hour).padStart(2, "0")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WEEKDAYS.map((name, day) => (
            <tr key={name}>
              <th scope="row">{weekdays[name]}</th>
              {HOURS.map((hour) => {
                const speed = cells[day]?.[hour] ?? -1;
                return (
                  <td
                    key={hour}
                    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: see the table.
                    role="gridcell"
                    data-at={`${day}-${hour}`}
                    data-speed={speed < 0 ? "" : speed + 1}
                    tabIndex={at.day === day && at.hour === hour ? 0 : -1}
                    aria-label={texts.cell(weekdays[name], timesOf(hour), nameOf(speed))}
                    className={speed < 0 ? "week-cell" : `week-cell speed-${speed % SPEED_COLOURS}`}
                    onPointerDown={(event) => {
                      event.currentTarget.releasePointerCapture(event.pointerId);
                      goTo({ day, hour });
                      paint([{ day, hour }]);
                    }}
                    onPointerEnter={(event) => {
                      if (event.buttons === 1) paint([{ day, hour }]);
                    }}
                    onFocus={() => setAt({ day, hour })}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Box>
  );
}

function placeAfter({ day, hour }: Place, key: string): Place | undefined {
  if (key === "Home") return { day, hour: 0 };
  if (key === "End") return { day, hour: HOURS.length - 1 };
  const step = STEPS[key];
  const next = step && { day: day + step.day, hour: hour + step.hour };
  return next && next.day in WEEKDAYS && next.hour in HOURS ? next : undefined;
}

const timesOf = (hour: number): string => `${String(hour).padStart(2, "0")}:00–${String(hour + 1).padStart(2, "0")}:00`;
