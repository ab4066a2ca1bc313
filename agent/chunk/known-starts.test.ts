import fc from "fast-check";
import { expect, test } from "vitest";
import { noise } from "../../test/support/entries-to-store.ts";
import { makeSplitter } from "./splitter.ts";

const KEY = Buffer.alloc(32, 5);

const pieces = (hashes: readonly number[]) => ({ count: hashes.length, start: (piece: number) => hashes[piece] ?? 0 });

function load(data: Buffer, starts: readonly Buffer[]) {
  const splitter = makeSplitter(KEY, data.length + 64);
  const hashes = starts.map((start) => {
    start.copy(splitter.buffer, data.length);
    return splitter.hashStart(data.length);
  });
  data.copy(splitter.buffer);
  splitter.starts.load(pieces(hashes));
  return splitter.starts;
}

test("every known beginning is found where it is, and no place is found that is none", () => {
  const starts = Array.from({ length: 50 }, (_, index) => noise(64, index + 1));
  const planted = fc.record({ start: fc.nat({ max: 49 }), gap: fc.nat({ max: 300 }) });
  fc.assert(
    fc.property(fc.array(planted, { maxLength: 40 }), (plants) => {
      const parts: Buffer[] = [];
      const expected: [number, number][] = [];
      let at = 0;
      for (const { start, gap } of plants) {
        parts.push(noise(gap, 1000 + at), starts[start] ?? Buffer.alloc(0));
        expected.push([at + gap, start]);
        at += gap + 64;
      }
      const known = load(Buffer.concat(parts), starts);
      const found: [number, number][] = [];
      for (let from = 0; ; ) {
        const place = known.find(from, at);
        if (!place) break;
        found.push([place.at, [...place.pieces][0] ?? -1]);
        from = place.at + 1;
      }
      // Beginnings that repeat at once may be told once (runs of one byte); noise does not.
      expect(found).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("pieces that begin alike are all named, and a piece without a hash never", () => {
  const start = noise(64, 3);
  const splitter = makeSplitter(KEY, 1000);
  start.copy(splitter.buffer, 100);
  const hash = splitter.hashStart(100);
  splitter.starts.load(pieces([hash, 0, hash]));
  const found = splitter.starts.find(0, 1000);
  expect(found?.at).toBe(100);
  expect([...(found?.pieces ?? [])].sort()).toEqual([0, 2]);
});

test("a long run of one byte is told once", () => {
  const known = load(Buffer.concat([noise(100), Buffer.alloc(10_000), noise(100, 2)]), [Buffer.alloc(64)]);
  expect(known.find(0, 10_200)?.at).toBe(100);
  expect(known.find(101, 10_200)).toBeUndefined();
});

test("other pieces take the place of those before", () => {
  const splitter = makeSplitter(KEY, 10_000);
  noise(10_000).copy(splitter.buffer);
  const all = pieces(Array.from({ length: 3000 }, (_, index) => splitter.hashStart(index * 3)));
  splitter.starts.load(all);
  splitter.starts.load(pieces([splitter.hashStart(500)]));
  expect(splitter.starts.find(0, 10_000)?.at).toBe(500);
  expect([...(splitter.starts.find(0, 10_000)?.pieces ?? [])]).toEqual([0]);
  splitter.starts.load(all);
  expect([...(splitter.starts.find(300, 10_000)?.pieces ?? [])]).toEqual([100]);
});

test("nothing is found before anything is known, or in less than 64 bytes", () => {
  const splitter = makeSplitter(KEY, 1000);
  expect(splitter.starts.find(0, 1000)).toBeUndefined();
  splitter.starts.load(pieces([splitter.hashStart(0)]));
  expect(splitter.starts.find(0, 63)).toBeUndefined();
  expect(splitter.starts.find(0, 64)?.at).toBe(0);
});
