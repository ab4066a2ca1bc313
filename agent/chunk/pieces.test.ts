import fc from "fast-check";
import { expect, test } from "vitest";
import { noise } from "../../test/support/entries-to-store.ts";
import { cutPieces, makePieceNamer, PIECE_BYTES, PIECE_BYTES_MAX, PIECE_BYTES_MIN, pieceKey } from "./pieces.ts";

const KEY = pieceKey(Buffer.alloc(32, 1), Buffer.alloc(16, 2));

test("pieces make up the data, are of 16 to 96 KiB, and end at multiples of 64 KiB of the file but at the data's ends", () => {
  const positions = fc.oneof(
    fc.nat({ max: 2 ** 40 }),
    fc.nat({ max: 1000 }).map((block) => block * PIECE_BYTES),
  );
  fc.assert(
    fc.property(positions, fc.integer({ min: 1, max: 5_000_000 }), (position, length) => {
      const pieces = cutPieces(position, length);
      expect(pieces.reduce((sum, piece) => sum + piece, 0)).toBe(length);
      if (length >= PIECE_BYTES_MIN) expect(Math.min(...pieces)).toBeGreaterThanOrEqual(PIECE_BYTES_MIN);
      expect(Math.max(...pieces)).toBeLessThan(PIECE_BYTES_MAX);
      let at = position;
      for (const piece of pieces.slice(0, -1)) {
        at += piece;
        expect(at % PIECE_BYTES).toBe(0);
      }
    }),
  );
});

test("a digest depends on all bytes of its piece, on its length, on the key, and on nothing around it", () => {
  const name = makePieceNamer(KEY);
  const data = noise(3000);
  const one = name(data.subarray(1000, 2000), [1000]);
  expect(name(data, [1000, 1000, 1000]).subarray(16, 32)).toEqual(one);
  const others = [0, 500, 999].map((at) => {
    const changed = Buffer.from(data.subarray(1000, 2000));
    changed[at] = (changed[at] ?? 0) ^ 1;
    return name(changed, [1000]);
  });
  const zeros = Buffer.alloc(2000);
  const lengths = [name(zeros, [1000]), name(zeros, [1001])];
  const keyed = [
    pieceKey(Buffer.alloc(32, 1), Buffer.alloc(16, 3)),
    pieceKey(Buffer.alloc(32, 2), Buffer.alloc(16, 2)),
  ];
  const all = [
    one,
    ...others,
    ...lengths,
    ...keyed.map((key) => makePieceNamer(key)(data.subarray(1000, 2000), [1000])),
  ];
  expect(new Set(all.map((digest) => digest.toString("hex"))).size).toBe(all.length);
  expect(all.every((digest) => digest.length === 16)).toBe(true);
});
