import { expect, test } from "vitest";
import { detailOf, shortDetail } from "./audit-text.ts";

test("details are names with values, whatever is in them", () => {
  const detail = JSON.stringify({ state: "suspended", groups: ["a", "b"], room: { limit: 5, over: null }, none: [] });
  expect(detailOf(detail)).toEqual([
    ["state", "suspended"],
    ["groups", "a, b"],
    ["room", "limit 5, over –"],
    ["none", "–"],
  ]);
});

test("a sentence stays one, and nothing is nothing", () => {
  expect(detailOf("from 30 to 7 days")).toEqual([["", "from 30 to 7 days"]]);
  expect(detailOf("")).toEqual([]);
  expect(detailOf("[1]")).toEqual([["", "1"]]);
});

test("a cell has the beginning of a long one", () => {
  expect(shortDetail(JSON.stringify({ a: 1, b: "x" }))).toBe("a: 1 · b: x");
  expect(shortDetail("x".repeat(500))).toHaveLength(61);
});
