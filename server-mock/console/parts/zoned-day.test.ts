import { expect, test } from "vitest";
import { dayAt, dayRange } from "./zoned-day.ts";

test.each([
  ["2026-11-21", "UTC", "2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"],
  ["2026-11-21", "Asia/Tokyo", "2026-11-20T15:00:00.000Z", "2026-11-21T15:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
  ["2026-12-31", "America/New_York", "2026-12-31T05:00:00.000Z", "2027-01-01T05:00:00.000Z"],
  ["2026-11-21", "Asia/Kathmandu", "2026-11-20T18:15:00.000Z", "2026-11-21T18:15:00.000Z"],
])("%s in %s lies between %s and %s", (day, zone, since, until) => {
  expect(dayRange(day, zone)).toEqual({ since, until });
  expect(dayAt(since, zone)).toBe(day);
});
