import { expect, test } from "vitest";
import { parseDuration } from "./durations.ts";

test.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["1h30m", 5_400_000],
  ["1h 30m", 5_400_000],
  ["0.5d", 43_200_000],
  ["2W", 1_209_600_000],
  ["366d", 31_622_400_000],
])("%s is a span of time", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "2", "h", "0m", "-1h", "2 hours", "367d", "1e9d", "tomorrow", "1h-2m"])("%j is none", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
