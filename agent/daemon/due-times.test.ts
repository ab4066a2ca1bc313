import fc from "fast-check";
import { expect, test } from "vitest";
import { lastDue, nextDue, type TimedSchedule } from "./due-times.ts";
import { WEEKDAYS } from "./week-hours.ts";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Australia/Lord_Howe", // By half an hour.
  "Asia/Beirut", // At midnight.
  "Africa/Casablanca", // Back in Ramadan.
  "Pacific/Chatham",
];
const DAY = 86_400_000;
const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((pair) => pair.map((part) => String(part).padStart(2, "0")).join(":"));
const schedules = fc.record({
  type: fc.constant<"Scheduled">("Scheduled"),
  frequency: fc.constantFrom("daily" as const, "weekly" as const),
  weekdays: fc.subarray([...WEEKDAYS], { minLength: 1 }),
  at: times,
  spreadMinutes: fc.integer({ min: 0, max: 120 }),
  catchUp: fc.boolean(),
});
const by = fc.record({ timeZone: fc.constantFrom(...ZONES), seed: fc.double({ min: 0, max: 1, noNaN: true }) });
const nows = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) });

const daily = (at: string, more: { readonly spreadMinutes?: number } = {}): TimedSchedule => ({
  type: "Scheduled",
  frequency: "daily",
  weekdays: [],
  at,
  spreadMinutes: 0,
  catchUp: true,
  ...more,
});
const ms = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;

test("now lies between the last time and the next, and between those there is none", () => {
  fc.assert(
    fc.property(schedules, by, nows, (schedule, where, now) => {
      const [last = Number.NaN, next = Number.NaN] = [lastDue(schedule, now, where), nextDue(schedule, now, where)];
      expect(last).toBeLessThanOrEqual(now);
      expect(next).toBeGreaterThan(now);
      expect(nextDue(schedule, last, where)).toBe(next);
      expect(lastDue(schedule, next - 1, where)).toBe(last);
    }),
    { numRuns: 400 },
  );
});

test("each day that is named has one time, whatever the clocks do that day, and others have none", () => {
  fc.assert(
    fc.property(schedules, by, nows, (schedule, where, now) => {
      const shift = Math.round((where.seed * 2 - 1) * schedule.spreadMinutes * 60) * 1000;
      let at = now;
      let before: Temporal.PlainDate | undefined;
      for (let time = 0; time < 8; time++) {
        at = nextDue(schedule, at, where) ?? Number.NaN;
        // A time that the clock leaves out comes later, on the same day for all these zones.
        const day = Temporal.Instant.fromEpochMilliseconds(at - shift)
          .toZonedDateTimeISO(where.timeZone)
          .toPlainDate();
        const named = schedule.frequency === "daily" ? WEEKDAYS : schedule.weekdays;
        expect(named).toContain(WEEKDAYS[day.dayOfWeek - 1]);
        if (before) {
          const gap = before.until(day).days;
          expect(gap).toBeGreaterThan(0);
          for (let skipped = 1; skipped < gap; skipped++)
            expect(named).not.toContain(WEEKDAYS[before.add({ days: skipped }).dayOfWeek - 1]);
        }
        before = day;
      }
    }),
    { numRuns: 200 },
  );
});

test("a time that does not exist comes as much later; of one that comes twice the first counts", () => {
  const where = { timeZone: "Europe/Berlin", seed: 0.5 };
  expect(nextDue(daily("02:30"), ms("2026-03-28T12:00Z"), where)).toBe(ms("2026-03-29T01:30Z"));
  expect(nextDue(daily("02:30"), ms("2026-10-24T12:00Z"), where)).toBe(ms("2026-10-25T00:30Z"));
  expect(nextDue(daily("02:30"), ms("2026-10-25T00:30Z"), where)).toBe(ms("2026-10-26T01:30Z"));
});

test("starts lie within the spread, each machine's always at the same place, over midnight, too", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 120 }), (seed, spreadMinutes) => {
      const schedule = daily("00:00", { spreadMinutes });
      const first = nextDue(schedule, ms("2026-06-01T12:00Z"), { timeZone: "UTC", seed }) ?? Number.NaN;
      expect(Math.abs(first - ms("2026-06-02T00:00Z"))).toBeLessThanOrEqual(spreadMinutes * 60_000);
      expect(nextDue(schedule, first, { timeZone: "UTC", seed })).toBe(first + DAY);
    }),
  );
});
