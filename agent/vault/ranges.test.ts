import fc from "fast-check";
import { expect, test } from "vitest";
import type { LocateResponse } from "../../protocol/messages/restores.ts";
import { planRanges, RANGE_BYTES_MAX } from "./ranges.ts";

const id = (number: number) => {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32LE(number);
  return bytes;
};
const enc = Buffer.alloc(32, 1).toString("base64");
const packs = [0, 1].map((pack) => ({ id: `${pack}`.repeat(64), sessions: [enc] }));
const KIB = 1024;

const planned = (chunks: LocateResponse["chunks"]) =>
  planRanges(
    chunks.map((_, at) => id(at)),
    { packs, chunks },
  );

test("neighbours are read together, across small gaps, in the order of the pack", () => {
  const { ranges } = planned([
    [0, 100 * KIB, 50 * KIB, 0],
    [0, 0, 50 * KIB, 0],
    [0, 300 * KIB, 10, 0],
  ]);
  expect(ranges.map(({ offset, length, chunks }) => [offset, length, chunks.length])).toEqual([
    [0, 150 * KIB, 2],
    [300 * KIB, 10, 1],
  ]);
});

test("packs come in the order in which they are needed, and what has no place is lost", () => {
  const { ranges, lost } = planned([[1, 0, 10, 0], null, [0, 0, 10, 0], [0, 10, 10, 7], [5, 0, 10, 0]]);
  expect(ranges.map(({ pack }) => pack[0])).toEqual(["1", "0"]);
  expect(lost).toEqual([id(1), id(3), id(4)]);
});

test("whatever a service answers, every chunk is planned once, within its range, and ranges are bounded", () => {
  const place = fc.tuple(fc.nat(2), fc.nat(64 * KIB * KIB), fc.integer({ min: 1, max: 4 * KIB * KIB }), fc.nat(1));
  fc.assert(
    fc.property(fc.array(fc.option(place), { maxLength: 200 }), (chunks) => {
      const { ranges, lost } = planned(chunks);
      const all = [...ranges.flatMap((range) => range.chunks.map((chunk) => chunk.id)), ...lost];
      expect(all.map((each) => each.readUInt32LE(0)).sort((a, b) => a - b)).toEqual(chunks.map((_, at) => at));
      for (const { offset, length, chunks: members } of ranges) {
        expect(length).toBeLessThanOrEqual(RANGE_BYTES_MAX);
        for (const chunk of members) {
          expect(chunk.offset).toBeGreaterThanOrEqual(offset);
          expect(chunk.offset + chunk.length).toBeLessThanOrEqual(offset + length);
        }
      }
    }),
  );
});
