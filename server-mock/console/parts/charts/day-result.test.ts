import { expect, test } from "vitest";
import { daysFrom, weekdayOf } from "./day-names.ts";
import { dayResult, type RunDay } from "./day-result.ts";

const day = (more: Partial<RunDay>): RunDay => ({
  ...{ day: "2026-11-21", succeeded: 0, incomplete: 0, failed: 0, cancelled: 0, running: 0, bytesTransferred: 0 },
  ...more,
});

test.each([
  [undefined, "none"],
  [day({}), "none"],
  [day({ succeeded: 2 }), "success"],
  [day({ succeeded: 2, failed: 1 }), "warnings"],
  [day({ incomplete: 1 }), "warnings"],
  [day({ failed: 1, cancelled: 3 }), "failed"],
  [day({ cancelled: 1 }), "cancelled"],
  [day({ cancelled: 1, running: 1 }), "running"],
  [day({ succeeded: 1, cancelled: 1, running: 1 }), "success"],
] as const)("a day of %j is called %s", (given, result) => {
  expect(dayResult(given)).toBe(result);
});

test("days go over the ends of months, weeks begin on Monday", () => {
  expect(daysFrom("2026-10-30", "2026-11-02")).toEqual(["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"]);
  expect(["2026-11-16", "2026-11-22"].map(weekdayOf)).toEqual([0, 6]);
});
