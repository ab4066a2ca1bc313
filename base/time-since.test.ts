import { expect, test } from "vitest";
import { timeSince } from "./time-since.ts";

const MINUTE = 60_000;

test.each([
  [-5, "< a minute ago"],
  [59_999, "< a minute ago"],
  [MINUTE, "1 minute ago"],
  [30 * MINUTE, "30 minutes ago"],
  [90 * MINUTE, "1 hour ago"],
  [24 * 60 * MINUTE, "1 day ago"],
  [5.9 * 24 * 60 * MINUTE, "5 days ago"],
])("%i ms are %s", (ms, shown) => {
  expect(timeSince(1_000_000, 1_000_000 + ms)).toBe(shown);
});
