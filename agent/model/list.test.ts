import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { anySlices } from "../../test/support/any-entry.ts";
import type { Slice } from "./entry.ts";
import { decodeList, putLists } from "./list.ts";

function store(slices: readonly Slice[]) {
  const lists = new Map<string, Buffer>();
  const root = putLists(slices, ({ plain }) => {
    const id = sha256(plain);
    lists.set(id.toString("hex"), plain);
    return id;
  });
  return { root, lists };
}

function readBack({ root, lists }: ReturnType<typeof store>): Slice[] {
  const list = decodeList(lists.get(root.toString("hex")) ?? Buffer.alloc(0));
  if ("slices" in list) return [...list.slices];
  return list.children.flatMap((child) => {
    const below = readBack({ root: child.list, lists });
    expect(below.reduce((sum, { length }) => sum + length, 0)).toBe(child.bytes);
    return below;
  });
}

const many = (count: number, name = "chunk"): Slice[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: "chunk",
    chunk: sha256(Buffer.from(`${name} ${index}`)),
    offset: 0,
    length: 1000 + index,
  }));

test("any slices are read back as they were", () => {
  fc.assert(
    fc.property(anySlices(60), (slices) => {
      expect(readBack(store(slices))).toEqual(slices);
    }),
  );
});

test("a hundred thousand slices make levels, and are read back", () => {
  const slices = many(100_000);
  const stored = store(slices);
  expect(stored.lists.size).toBeGreaterThan(50);
  expect(readBack(stored)).toEqual(slices);
});

test("a change in the middle of a long list leaves the other lists as they were", () => {
  const slices = many(100_000);
  const before = store(slices).lists;
  const changed = store([...slices.slice(0, 50_000), ...many(3, "new"), ...slices.slice(50_001)]).lists;
  const fresh = [...changed.keys()].filter((id) => !before.has(id));
  expect(fresh.length).toBeLessThanOrEqual(5);
});

test("an empty content is one empty list", () => {
  expect(readBack(store([]))).toEqual([]);
  expect(store([]).lists.size).toBe(1);
});
