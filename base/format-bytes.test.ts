import { expect, test } from "vitest";
import { formatBytes } from "./format-bytes.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [1_500_000_000, "1.5 GB"],
  [999_949, "1 MB"],
  [123_456_789, "123 MB"],
  [5_000_000_000_000_000_000, "5000 PB"],
])("%i bytes are %s", (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown);
});
