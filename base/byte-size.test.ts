import { expect, test } from "vitest";
import { parseByteSize } from "./byte-size.ts";

test.each([
  ["0", 0],
  ["1234", 1234],
  ["10b", 10],
  ["500G", 500 * 2 ** 30],
  ["500 GiB", 500 * 2 ** 30],
  ["1.5tb", 1.5 * 2 ** 40],
  ["2k", 2048],
  ["", undefined],
  ["-1", undefined],
  ["1e9", undefined],
  ["G", undefined],
  ["9999999999P", undefined],
  ["5 apples", undefined],
])("%s is %s bytes", (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});
