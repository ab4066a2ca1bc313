import fc from "fast-check";
import { expect, test } from "vitest";
import { parseWhen } from "./when.ts";

const timeZone = "Europe/Berlin";
/** A Sunday, 00:30 in Berlin. */
const nowMs = Date.parse("2026-11-22T00:30:00+01:00");
const here = { nowMs, timeZone, command: "restore" };
const instant = (text: string) => ({ kind: "instant", instant: Date.parse(text) });

test.each([
  ["now", "2026-11-22T00:30:00+01:00"],
  ["today", "2026-11-22T23:59:59.999+01:00"],
  ["yesterday", "2026-11-21T23:59:59.999+01:00"],
  ["yesterday 18:00", "2026-11-21T18:00:59.999+01:00"],
  ["Yesterday at 9:05", "2026-11-21T09:05:59.999+01:00"],
  ["18:00", "2026-11-22T18:00:59.999+01:00"],
  ["2026-11-01", "2026-11-01T23:59:59.999+01:00"],
  ["2026-11-01 18:00", "2026-11-01T18:00:59.999+01:00"],
  ["2026-11-01T18:00:07", "2026-11-01T18:00:07.999+01:00"],
  ["2026-11-01T18:00:07Z", "2026-11-01T18:00:07.999Z"],
  ["2026-11-01T18:00:07.250Z", "2026-11-01T18:00:07.250Z"],
  ["2026-11-01 18:00+05:30", "2026-11-01T18:00:59.999+05:30"],
  ["2026-07-01", "2026-07-01T23:59:59.999+02:00"],
  ["3 days ago", "2026-11-19T00:30:00+01:00"],
  ["a week ago", "2026-11-15T00:30:00+01:00"],
  ["2 weeks ago", "2026-11-08T00:30:00+01:00"],
  ["1h ago", "2026-11-21T23:30:00+01:00"],
  ["30 min ago", "2026-11-22T00:00:00+01:00"],
  ["1 month ago", "2026-10-22T00:30:00+02:00"],
  ["last monday", "2026-11-16T23:59:59.999+01:00"],
  ["last sunday", "2026-11-15T23:59:59.999+01:00"],
  ["sat", "2026-11-21T23:59:59.999+01:00"],
  ["last monday 9:30", "2026-11-16T09:30:59.999+01:00"],
])("“%s” is %s", (text, expected) => {
  expect(parseWhen(text, here)).toEqual(instant(expected));
});

test("the day on which the clocks change ends at its own midnight", () => {
  expect(parseWhen("2026-10-25", here)).toEqual(instant("2026-10-25T23:59:59.999+01:00"));
  expect(parseWhen("2026-03-29", here)).toEqual(instant("2026-03-29T23:59:59.999+02:00"));
});

test.each([
  ["latest", { kind: "latest" }],
  ["", { kind: "latest" }],
  ["#12", { kind: "sequence", sequence: 12 }],
  ["12", { kind: "sequence", sequence: 12 }],
])("“%s” is a snapshot", (text, expected) => {
  expect(parseWhen(text, here)).toEqual(expected);
});

test.each([
  "tomorrowish",
  "2026-02-30",
  "2026-13-01",
  "25:00",
  "yesterday 24:61",
  "ago",
  "3 fortnights ago",
  "#",
  "-1",
  "last",
  "m",
])("“%s” is refused with examples", (text) => {
  expect(() => parseWhen(text, here)).toThrow(
    expect.objectContaining({ code: "option/invalid", message: expect.stringContaining("3 days ago") }),
  );
});

test("any text gives a date or option/invalid, never anything else", () => {
  const words = fc.constantFrom("last", "monday", "ago", "2026-11-01", "18:00", "days", "9", "#", " ", "t", "at", "-");
  const text = fc.oneof(
    fc.string(),
    fc.array(words).map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(text, (each) => {
      try {
        parseWhen(each, here);
      } catch (error) {
        expect(error).toMatchObject({ code: "option/invalid" });
      }
    }),
  );
});

test("a moment shown to the second finds what happened within that second", () => {
  const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });
  fc.assert(
    fc.property(moment, fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kolkata"), (atMs, zone) => {
      const shown = new Date(atMs).toISOString();
      const when = parseWhen(`${shown.slice(0, 19)}Z`, { ...here, timeZone: zone });
      expect(when.kind === "instant" && when.instant - atMs).toSatisfy((late: number) => late >= 0 && late < 1000);
    }),
  );
});
