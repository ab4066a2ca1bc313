import fc from "fast-check";
import { expect, test } from "vitest";
import { facts, shortened, table, width } from "./table.ts";

test("columns are as wide as their widest cell, numbers stand right", () => {
  const lines = table(
    [
      { title: "name", value: (row: [string, number]) => row[0] },
      { title: "files", align: "right", value: (row) => String(row[1]) },
    ],
    [
      ["a", 12],
      ["日本", 3],
    ],
  );
  expect(lines).toEqual(["name  files", "a        12", "日本      3"]);
});

test("facts are lined up", () => {
  expect(
    facts([
      ["a", "1"],
      ["long", "2"],
    ]),
  ).toEqual(["a     1", "long  2"]);
});

test("a shortened text fits, and keeps its beginning and end", () => {
  expect(shortened("/home/ada/documents/thesis/final.tex", 20)).toBe("/home…esis/final.tex");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 60 }), (text, columns) => {
      expect(width(shortened(text, columns))).toBeLessThanOrEqual(columns);
    }),
  );
});
