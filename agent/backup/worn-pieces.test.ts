import fc from "fast-check";
import { expect, test } from "vitest";
import { type PieceShapes, wornPieces } from "./worn-pieces.ts";

const SHORT = 16;

/** Pieces that follow one another in the file. */
function shapes(pieces: readonly { chunk: number; length: number }[]): PieceShapes {
  let at = 0;
  const positions = pieces.map(({ length }) => {
    at += length;
    return at - length;
  });
  return {
    chunks: Uint32Array.from(pieces, ({ chunk }) => chunk),
    lengths: Uint32Array.from(pieces, ({ length }) => length),
    positions: Float64Array.from(positions),
  };
}

test("a file whose chunks are more than half used keeps all its pieces", () => {
  const pieces = [0, 0, 1, 2].map((chunk) => ({ chunk, length: 64 }));
  expect(wornPieces(shapes(pieces), [128, 128, 128], SHORT).size).toBe(0);
});

test("the emptiest chunks are given up first, and no more than needed", () => {
  const pieces = [0, 0, 0, 0, 1, 1, 2].map((chunk) => ({ chunk, length: 64 }));
  // 448 of 1,280 bytes are used; without what nobody uses of chunk 2, 576 would be enough to have more than half.
  expect([...wornPieces(shapes(pieces), [256, 256, 640], SHORT)]).toEqual([6]);
});

test("what is left after giving up is at least half used, however the pieces lie", () => {
  const piece = fc.record({ chunk: fc.nat({ max: 20 }), length: fc.integer({ min: 1, max: 96 }) });
  const unused = fc.array(fc.nat({ max: 500 }), { minLength: 21, maxLength: 21 });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 200 }), unused, (pieces, more) => {
      const used = more.map((_, chunk) =>
        pieces.reduce((sum, each) => sum + (each.chunk === chunk ? each.length : 0), 0),
      );
      const bytes = used.map((length, chunk) => (length === 0 ? 0 : length + (more[chunk] ?? 0)));
      const worn = wornPieces(shapes(pieces), bytes, 0);
      const given = new Set([...worn].map((index) => pieces[index]?.chunk));
      const held = bytes.reduce((sum, length, chunk) => sum + (given.has(chunk) ? (used[chunk] ?? 0) : length), 0);
      expect(held).toBeLessThanOrEqual(2 * used.reduce((sum, length) => sum + length, 0));
      // A chunk is given up whole.
      for (const [index, { chunk }] of pieces.entries()) expect(worn.has(index)).toBe(given.has(chunk));
    }),
  );
});

test("a few short pieces stay; many are joined with their neighbours", () => {
  const long = { chunk: 0, length: 64 };
  const short = { chunk: 0, length: 8 };
  const few = [...Array.from({ length: 20 }, () => long), short, long];
  expect(wornPieces(shapes(few), [2000], SHORT).size).toBe(0);
  const many = [long, short, long, long, short];
  expect([...wornPieces(shapes(many), [264], SHORT)].sort()).toEqual([1, 2, 3, 4]);
});

test("a short piece between holes has nobody to be joined with", () => {
  const pieces = {
    chunks: new Uint32Array(3),
    lengths: Uint32Array.of(8, 8, 8),
    positions: Float64Array.of(0, 100, 200),
  };
  expect(wornPieces(pieces, [24], SHORT).size).toBe(0);
});
