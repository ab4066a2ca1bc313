import { expect, test } from "vitest";
import { HOURS, hoursOf, NO_SPEED, WEEKDAYS, weekOf } from "./week-hours.ts";

const slow = { uploadBytesPerSecond: 125_000, downloadBytesPerSecond: null };
const fast = { uploadBytesPerSecond: null, downloadBytesPerSecond: null };

/** The same noise each time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

test("any painted week is the same week when it is read back", () => {
  const random = noise(7);
  for (let round = 0; round < 50; round++) {
    const dense = random();
    const cells = WEEKDAYS.map(() => HOURS.map(() => (random() < dense ? Math.floor(random() * 2) : NO_SPEED)));
    const read = weekOf(hoursOf({ speeds: [slow, fast], cells }));
    const speedAt = (day: number, hour: number) => read.speeds[read.cells[day]?.[hour] ?? NO_SPEED];
    for (const [day, row] of cells.entries())
      for (const [hour, speed] of row.entries()) expect(speedAt(day, hour)).toEqual([slow, fast][speed]);
  }
});

test("working hours of five days are one rule, and no rule ends where it begins", () => {
  const cells = WEEKDAYS.map((_, day) => HOURS.map((hour) => (day < 5 && hour >= 8 && hour < 18 ? 0 : NO_SPEED)));
  const work = { weekdays: WEEKDAYS.slice(0, 5), from: "08:00", to: "18:00", ...slow };
  expect(hoursOf({ speeds: [slow], cells })).toEqual([work]);
  const always = hoursOf({ speeds: [slow], cells: WEEKDAYS.map(() => HOURS.map(() => 0)) });
  expect(always.map(({ from, to }) => [from, to])).toEqual([
    ["00:00", "23:00"],
    ["23:00", "00:00"],
  ]);
});

test("a rule over midnight holds on the morning after; the first that fits counts", () => {
  const night = { weekdays: ["sunday"] as ["sunday"], from: "22:00", to: "02:00", ...slow };
  const { cells, isExact } = weekOf([night, { ...night, from: "00:00", to: "23:30", ...fast }]);
  expect(cells[6]?.slice(20)).toEqual([1, 1, 0, 0]);
  expect(cells[0]?.slice(0, 3)).toEqual([0, 0, NO_SPEED]);
  expect(isExact).toBe(false);
});
