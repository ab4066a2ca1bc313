import { expect, test } from "vitest";
import { parseByteRate } from "./byte-rate.ts";

test.each([
  ["500k", 500 * 1024],
  ["2M", 2 * 1024 ** 2],
  ["1.5 MiB/s", 1.5 * 1024 ** 2],
  ["1G", 1024 ** 3],
  ["16Mbit", 2_000_000],
  ["100 Mbit/s", 12_500_000],
  ["100mbps", undefined],
  ["100Mbitps", 12_500_000],
  ["off", Number.POSITIVE_INFINITY],
])("%s is %s bytes a second", (text, rate) => {
  expect(parseByteRate(text)).toBe(rate);
});

test.each(["", "500", "0", "0k", "-2M", "2MB", "fast", "2 M M", "1e6k", "100bit", "constructor", "0.5k"])(
  "%s is not a speed: units are said, and nothing stands still",
  (text) => {
    expect(parseByteRate(text)).toBeUndefined();
  },
);
