import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-0", { start: 0, end: 1 }],
  ["bytes=10-19", { start: 10, end: 20 }],
  ["bytes=90-", { start: 90, end: 100 }],
  ["bytes=90-5000", { start: 90, end: 100 }],
  ["bytes=-10", { start: 90, end: 100 }],
  ["bytes=-5000", { start: 0, end: 100 }],
  [undefined, undefined],
  ["bytes=-", undefined],
  ["bytes=5-4", undefined],
  ["bytes=0-1,5-6", undefined],
  ["items=0-1", undefined],
])("of 100 bytes, %s is %o", (header, expected) => {
  expect(parseByteRange(header, 100)).toEqual(expected);
});

test.each(["bytes=100-", "bytes=100-200", "bytes=-0"])("of 100 bytes, nothing lies in %s", (header) => {
  expect(() => parseByteRange(header, 100)).toThrow(expect.objectContaining({ code: "range/invalid" }));
});
