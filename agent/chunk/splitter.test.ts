import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { gearTable, makeSplitter, SPLIT_MIN_BYTES } from "./splitter.ts";

const KEY = Buffer.alloc(32, 5);
const MIB = 1_048_576;
const MAX = 4 * MIB;

/** Cuts data that lies in memory as a whole, beginning at `offset` of the splitter's buffer. */
function cutWhole(data: Buffer, offset = 0, key = KEY): number[] {
  const { buffer, cut } = makeSplitter(key, offset + data.length);
  data.copy(buffer, offset);
  const lengths: number[] = [];
  for (let at = 0; at < data.length; at += lengths.at(-1) ?? 0)
    lengths.push(cut(offset + at, Math.min(data.length - at, MAX)));
  return lengths;
}

/** As a file is read: `readBytes` at a time; decides when there is a boundary, a whole chunk, or the end. */
function cutStreaming(data: Buffer, readBytes: number): number[] {
  const { buffer, cut } = makeSplitter(KEY, MAX + readBytes);
  const lengths: number[] = [];
  let [position, filled] = [0, 0];
  while (position < data.length || filled > 0) {
    const there = Math.min(filled, MAX);
    const length = cut(0, there);
    if (length === there && there < MAX && position < data.length) {
      const count = data.copy(buffer, filled, position, position + Math.min(readBytes, buffer.length - filled));
      [position, filled] = [position + count, filled + count];
      continue;
    }
    lengths.push(length);
    buffer.copyWithin(0, length, filled);
    filled -= length;
  }
  return lengths;
}

/** The rule of format §3.1, word by word, slowly. */
function cutByTheWord(data: Buffer): number[] {
  const bytes = gearTable(KEY);
  const table = Array.from({ length: 256 }, (_, index) => bytes.readBigUInt64LE(index * 8));
  const lengths: number[] = [];
  for (let start = 0; start < data.length; start += lengths.at(-1) ?? 0) {
    const rest = data.length - start;
    let hash = 0n;
    let length = Math.min(rest, MAX);
    for (let n = SPLIT_MIN_BYTES - 63; n <= Math.min(rest, MAX); n++) {
      hash = BigInt.asUintN(64, (hash << 1n) + (table[data[start + n - 1] ?? 0] ?? 0n));
      if (n < SPLIT_MIN_BYTES || hash >= (n < MIB ? 2n ** 43n : 2n ** 45n)) continue;
      length = n;
      break;
    }
    lengths.push(length);
  }
  return lengths;
}

const chunksOf = (data: Buffer, lengths: readonly number[]): string[] => {
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return sha256(data.subarray(at - length, at)).toString("hex");
  });
};

test("chunks make up the data, and all but the last are of 256 KiB to 4 MiB", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 * MIB }), fc.nat(), (length, seed) => {
      const lengths = cutWhole(noise(length, seed));
      expect(lengths.reduce((sum, each) => sum + each, 0)).toBe(length);
      for (const each of lengths) expect(each).toBeLessThanOrEqual(MAX);
      for (const each of lengths.slice(0, -1)) expect(each).toBeGreaterThanOrEqual(SPLIT_MIN_BYTES);
    }),
    { numRuns: 12 },
  );
});

test("the cuts are those of the rule, word by word", () => {
  for (const [length, seed] of [
    [3_000_000, 1],
    [262_145, 2],
    [1_100_000, 3],
  ] as const)
    expect(cutWhole(noise(length, seed))).toEqual(cutByTheWord(noise(length, seed)));
  const repeating = Buffer.alloc(4_700_000, "abc");
  expect(cutWhole(repeating)).toEqual(cutByTheWord(repeating));
});

test("where the buffer begins and how much is read at a time makes no difference", () => {
  const data = noise(20 * MIB, 9);
  const expected = cutWhole(data);
  expect(cutWhole(data, 12_345)).toEqual(expected);
  for (const readBytes of [65_537, MIB, 3_333_333, 2 * MAX]) expect(cutStreaming(data, readBytes)).toEqual(expected);
});

test("an insertion of a few bytes leaves most chunks as they were", () => {
  const data = noise(64 * MIB, 4);
  const before = new Set(chunksOf(data, cutWhole(data)));
  for (const [length, share] of [
    [1, 0.1],
    [13, 0.5],
    [100, 0.9],
  ] as const) {
    const at = Math.floor(data.length * share);
    const changed = Buffer.concat([data.subarray(0, at), Buffer.alloc(length, 7), data.subarray(at)]);
    const kept = chunksOf(changed, cutWhole(changed)).filter((chunk) => before.has(chunk)).length;
    expect(kept / before.size).toBeGreaterThanOrEqual(0.8);
  }
});

test("the mean is near 1.3 MiB, and another key cuts elsewhere", () => {
  const data = noise(96 * MIB, 11);
  const lengths = cutWhole(data);
  const mean = data.length / lengths.length;
  expect(mean).toBeGreaterThan(0.9 * MIB);
  expect(mean).toBeLessThan(1.8 * MIB);
  const others = new Set(chunksOf(data, cutWhole(data, 0, Buffer.alloc(32, 6))));
  expect(chunksOf(data, lengths).filter((chunk) => others.has(chunk))).toEqual([]);
});
