import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsAt, localTime, nextEdge, WEEKDAYS, type WeekHours } from "./week-hours.ts";

const ms = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "15", "30", "59"))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${minute}`);
const hours: fc.Arbitrary<WeekHours> = fc.record({
  weekdays: fc.subarray([...WEEKDAYS], { minLength: 1 }),
  from: times,
  to: times,
});
const zones = fc.constantFrom("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu");
const holds = (one: WeekHours, at: number, zone: string): boolean => holdsAt(one, localTime(at, zone));

test("nothing begins or ends before the next edge", () => {
  const nows = fc.integer({ min: ms("2026-03-20T00:00Z"), max: ms("2026-11-10T00:00Z") });
  fc.assert(
    fc.property(fc.array(hours, { minLength: 1, maxLength: 4 }), zones, nows, (all, zone, now) => {
      const edge = nextEdge(all, now, zone);
      expect(edge).toBeGreaterThan(now);
      expect(edge - now).toBeLessThanOrEqual(2 * 86_400_000);
      for (let step = 0; step < 8; step++) {
        const between = now + Math.floor(((edge - 1 - now) * step) / 7);
        for (const one of all) expect(holds(one, between, zone)).toBe(holds(one, now, zone));
      }
    }),
    { numRuns: 150 },
  );
});

test("hours over midnight belong to the day on which they begin, and the same time twice is a whole day", () => {
  const night: WeekHours = { weekdays: ["friday"], from: "22:00", to: "06:00" };
  const at = (text: string) => holds(night, ms(text), "UTC");
  expect([at("2026-11-20T21:59:59Z"), at("2026-11-20T22:00Z"), at("2026-11-21T05:59Z")]).toEqual([false, true, true]);
  expect([at("2026-11-21T06:00Z"), at("2026-11-20T03:00Z"), at("2026-11-21T22:30Z")]).toEqual([false, false, false]);
  const day: WeekHours = { weekdays: ["monday"], from: "08:00", to: "08:00" };
  const on = (text: string) => holds(day, ms(text), "UTC");
  expect([on("2026-11-23T08:00Z"), on("2026-11-24T07:59Z"), on("2026-11-24T08:00Z")]).toEqual([true, true, false]);
});

test("an hour that the clock leaves out is over at once; one that comes twice holds twice", () => {
  const hour: WeekHours = { weekdays: ["sunday"], from: "02:00", to: "03:00" };
  const minutes = (day: string) =>
    Array.from({ length: 8 * 60 }, (_, minute) =>
      holds(hour, ms(`${day}T00:00+02:00`) + minute * 60_000, "Europe/Berlin"),
    );
  expect(minutes("2026-03-29").filter(Boolean)).toHaveLength(0);
  expect(minutes("2026-10-25").filter(Boolean)).toHaveLength(120);
  expect(minutes("2026-08-30").filter(Boolean)).toHaveLength(60);
});

test("without hours there is no edge", () => {
  expect(nextEdge([], ms("2026-11-22T00:00Z"), "Europe/Berlin")).toBe(Number.POSITIVE_INFINITY);
});

test("a change of the clock is an edge, and a time that comes twice is one twice", () => {
  const sunday = { weekdays: ["sunday"] };
  const spring = [{ ...sunday, from: "02:15", to: "04:00" }]; // 02:15 is left out: it begins at 03:00.
  expect(nextEdge(spring, ms("2026-03-29T00:50Z"), "Europe/Berlin")).toBe(ms("2026-03-29T01:00Z"));
  const autumn = [{ ...sunday, from: "02:30", to: "05:00" }];
  const edges = ["2026-10-24T23:50Z", "2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z"].map((text) =>
    nextEdge(autumn, ms(text), "Europe/Berlin"),
  );
  expect(edges).toEqual(["2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-25T04:00Z"].map(ms));
});
