import { expect, test } from "vitest";
import { isOthers, TILE_MIN, treemapTiles } from "./treemap-tiles.ts";

const folder = (sizeBytes: number, index: number) => ({ id: `f${index}`, name: `folder ${index}`, sizeBytes });

test("what would be too small to be hit is put together, and nothing is lost", () => {
  const items = Array.from({ length: 500 }, (_, index) => folder(Math.round(1e12 / (index + 1) ** 2), index));
  const tiles = treemapTiles(items, { width: 360, height: 240 });
  const sum = (sizes: readonly { sizeBytes: number }[]) => sizes.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  expect(sum(tiles.map(({ item }) => item))).toBe(sum(items));
  const named = tiles.filter(({ item }) => !isOthers(item));
  expect(named.length).toBeGreaterThan(3);
  for (const { width, height } of named) expect(Math.min(width, height)).toBeGreaterThanOrEqual(TILE_MIN);
  const others = tiles.map(({ item }) => item).find(isOthers);
  expect(others?.count).toBe(500 - named.length);
});

test("a few that fit are all shown", () => {
  const tiles = treemapTiles([5, 3, 2].map(folder), { width: 300, height: 200 });
  expect(tiles.map(({ item }) => item.id)).toEqual(["f0", "f1", "f2"]);
});
