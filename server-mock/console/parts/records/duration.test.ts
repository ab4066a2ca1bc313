import { expect, test } from "vitest";
import { formatDuration } from "./duration.ts";

test.each([
  [0, "0 s"],
  [48_400, "48 s"],
  [59_600, "1 min"],
  [9 * 60_000, "9 min"],
  [3_600_000, "1 h"],
  [72 * 60_000, "1 h 12 min"],
  [26 * 3_600_000, "26 h"],
])("%i ms took %s", (ms, said) => {
  expect(formatDuration(ms)).toBe(said);
});
