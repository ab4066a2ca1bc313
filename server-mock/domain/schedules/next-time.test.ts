import fc from "fast-check";
import { expect, test } from "vitest";
import { scheduleTiming } from "../../../protocol/messages/schedules.ts";
import { nextTime } from "./next-time.ts";

const timing = (more: object) => scheduleTiming.parse({ time: "07:00", ...more });
const next = (frequency: "daily" | "weekly" | "monthly", more: object, after: string) =>
  new Date(nextTime(frequency, timing(more), Date.parse(after))).toISOString();

test.each([
  ["daily", {}, "2026-11-22T06:59:59Z", "2026-11-22T07:00:00.000Z"],
  ["daily", {}, "2026-11-22T07:00:00Z", "2026-11-23T07:00:00.000Z"],
  ["weekly", { weekday: 1 }, "2026-11-22T12:00:00Z", "2026-11-23T07:00:00.000Z"],
  ["weekly", { weekday: 7 }, "2026-11-22T12:00:00Z", "2026-11-29T07:00:00.000Z"],
  ["monthly", { monthday: 31 }, "2026-11-22T12:00:00Z", "2026-11-30T07:00:00.000Z"],
  ["monthly", { monthday: 31 }, "2026-01-31T07:00:00Z", "2026-02-28T07:00:00.000Z"],
  ["daily", { timeZone: "Europe/Berlin" }, "2026-03-28T12:00:00Z", "2026-03-29T05:00:00.000Z"],
  ["daily", { timeZone: "Europe/Berlin" }, "2026-10-24T12:00:00Z", "2026-10-25T06:00:00.000Z"],
  ["daily", { time: "02:30", timeZone: "Europe/Berlin" }, "2026-03-28T12:00:00Z", "2026-03-29T01:30:00.000Z"],
  ["daily", { timeZone: "Pacific/Kiritimati" }, "2026-11-22T12:00:00Z", "2026-11-22T17:00:00.000Z"],
] as const)("%s %j after %s: %s", (frequency, more, after, expected) => {
  expect(next(frequency, more, after)).toBe(expected);
});

test("the next time is always to come, and never further away than its period allows", () => {
  const zones = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
  );
  fc.assert(
    fc.property(
      fc.constantFrom("daily" as const, "weekly" as const, "monthly" as const),
      fc.record({
        time: fc
          .tuple(fc.nat(23), fc.nat(59))
          .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":")),
        weekday: fc.integer({ min: 1, max: 7 }),
        monthday: fc.integer({ min: 1, max: 31 }),
        timeZone: zones,
      }),
      fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) }),
      (frequency, wanted, after) => {
        const at = nextTime(frequency, wanted, after);
        expect(at).toBeGreaterThan(after);
        expect(at - after).toBeLessThanOrEqual({ daily: 2, weekly: 8, monthly: 33 }[frequency] * 24 * 3_600_000);
      },
    ),
    { numRuns: 200 },
  );
});
