import fc from "fast-check";
import { expect, test } from "vitest";
import { squarify } from "./squarify.ts";

const itself = (size: number) => size;

test("areas are in proportion to sizes, lie within the room, and none overlaps another", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1e13 }), { maxLength: 60 }),
      fc.integer({ min: 10, max: 2000 }),
      fc.integer({ min: 10, max: 2000 }),
      (sizes, width, height) => {
        const tiles = squarify(sizes, itself, { width, height });
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const room = width * height;
        const slack = 1e-6 * room;
        expect(tiles).toHaveLength(sizes.filter((size) => size > 0).length);
        for (const { item, left, top, width: wide, height: high } of tiles) {
          expect(Math.abs(wide * high - (item / total) * room)).toBeLessThan(slack);
          expect(left).toBeGreaterThanOrEqual(-1e-6);
          expect(top).toBeGreaterThanOrEqual(-1e-6);
          expect(left + wide).toBeLessThan(width + 1e-6 * width);
          expect(top + high).toBeLessThan(height + 1e-6 * height);
        }
        for (const [index, a] of tiles.entries())
          for (const b of tiles.slice(index + 1)) {
            const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
            const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
            expect(Math.max(0, across) * Math.max(0, down)).toBeLessThan(slack);
          }
      },
    ),
    { numRuns: 60 },
  );
});

test("the example of the paper comes out as it stands there", () => {
  const tiles = squarify([6, 6, 4, 3, 2, 2, 1], itself, { width: 6, height: 4 });
  expect(tiles[0]).toEqual({ item: 6, left: 0, top: 0, width: 3, height: 2 });
  expect(tiles[2]).toMatchObject({ item: 4, left: 3, top: 0 });
});

test("nothing has no tiles", () => {
  expect(squarify([0, 0], itself, { width: 100, height: 100 })).toEqual([]);
  expect(squarify([1], itself, { width: 0, height: 100 })).toEqual([]);
});
