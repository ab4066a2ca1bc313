import { expect, test } from "vitest";
import { parseCount, parseLimit } from "./numbers.ts";

test.each([
  ["10GB", 10_000_000_000],
  ["500 mb", 500_000_000],
  ["1.5TiB", 1.5 * 1024 ** 4],
  ["2Ki", 2048],
  ["123", 123],
  ["123B", 123],
  ["none", null],
])("a limit of %s", (text, expected) => {
  expect(parseLimit("--limit", text)).toBe(expected);
});

test("what is no size or number is refused, naming the option", () => {
  const refusal = { code: "argument/invalid", data: expect.objectContaining({ argument: "--x" }) };
  for (const text of ["", "much", "-1", "1 XB", "1e9"])
    expect(() => parseLimit("--x", text)).toThrow(expect.objectContaining(refusal));
  expect(() => parseCount("--x", "0", { min: 1, max: 10 })).toThrow(expect.objectContaining(refusal));
  for (const text of ["", "-1", "11", "1.5"])
    expect(() => parseCount("--x", text, { max: 10 })).toThrow(expect.objectContaining(refusal));
});
