import fc from "fast-check";
import { expect, test } from "vitest";
import { anyPath } from "../../test/support/any-entry.ts";
import { comparePaths, isWithin } from "./path-order.ts";

/** Component by component, each bytewise: a folder comes right before what is in it. */
function compareComponents(a: Buffer, b: Buffer): number {
  const [x, y] = [a, b].map((path) => path.toString("latin1").split("/"));
  for (let at = 0; ; at++) {
    const [one, other] = [x?.[at], y?.[at]];
    if (one === undefined || other === undefined) return (x?.length ?? 0) - (y?.length ?? 0);
    if (one !== other) return one < other ? -1 : 1;
  }
}

test("the order is that of the components", () => {
  fc.assert(
    fc.property(anyPath, anyPath, (a, b) => {
      expect(Math.sign(comparePaths(a, b))).toBe(Math.sign(compareComponents(a, b)));
      expect(comparePaths(a, a)).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

test("a folder's contents follow it without a gap", () => {
  fc.assert(
    fc.property(fc.array(anyPath, { maxLength: 30 }), anyPath, (paths, folder) => {
      const sorted = [...paths, folder].sort(comparePaths);
      const within = sorted.map((path) => isWithin(path, folder));
      expect(within.lastIndexOf(true) - within.indexOf(true) + 1).toBe(within.filter(Boolean).length);
      expect(sorted[within.indexOf(true)]?.equals(folder)).toBe(true);
    }),
  );
});

test("a name that only begins alike is not within", () => {
  const within = (path: string, folder: string) => isWithin(Buffer.from(path), Buffer.from(folder));
  expect(within("a/b", "a")).toBe(true);
  expect(within("a", "a")).toBe(true);
  expect(within("ab", "a")).toBe(false);
  expect(within("a-b", "a")).toBe(false);
  expect(within("a", "a/b")).toBe(false);
  expect(within("anything", "")).toBe(true);
});
