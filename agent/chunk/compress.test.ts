import fc from "fast-check";
import { expect, test } from "vitest";
import { noise } from "../../test/support/entries-to-store.ts";
import { codec } from "./codec.ts";
import { portableCodec } from "./codec-portable.ts";
import { compressInto, expandInto, METHODS } from "./compress.ts";
import { zstdFrameBytes } from "./zstd-frame.ts";

function compress(plain: Buffer, level: number): { method: number; payload: Buffer } {
  const target = Buffer.alloc(plain.length);
  const { method, length } = compressInto(target, plain, level);
  return { method, payload: target.subarray(0, length) };
}

function expand(method: number, payload: Buffer, length: number): Buffer {
  const target = Buffer.alloc(length);
  expandInto(target, method, payload);
  return target;
}

function frameOf(plain: Buffer, level: number, by = codec): Buffer {
  const target = Buffer.alloc(plain.length + 1000 + Math.ceil(plain.length / 100));
  return target.subarray(0, by.compress(target, plain, level));
}

test("what does not shrink is stored as it is, large or small", () => {
  for (const length of [0, 1, 1000, 200_000, 1_000_000])
    expect(compress(noise(length), 3)).toEqual({ method: METHODS.stored, payload: noise(length) });
});

test("what shrinks is compressed, and expands to the same", () => {
  for (const length of [100, 5000, 1_000_000]) {
    const plain = Buffer.from("words that come again ".repeat(length).slice(0, length));
    const { method, payload } = compress(plain, 3);
    expect(method).toBe(METHODS.zstd);
    expect(payload.length).toBeLessThan(plain.length);
    expect(expand(method, payload, plain.length).equals(plain)).toBe(true);
  }
});

test("a frame of another length, several frames, or half a frame are refused", () => {
  const plain = Buffer.from("words that come again ".repeat(100));
  const frame = frameOf(plain, 3);
  for (const [bytes, length] of [
    [frame, plain.length + 1],
    [frame, plain.length - 1],
    [frame, 0],
    [Buffer.concat([frame, frame]), plain.length * 2],
    [frame.subarray(0, frame.length - 1), plain.length],
    [frameOf(Buffer.alloc(0), 3), 1],
  ] as const)
    expect(() => expand(METHODS.zstd, bytes, length)).toThrow();
  expect(() => expand(METHODS.stored, plain, plain.length + 1)).toThrow();
  expect(expand(METHODS.zstd, frameOf(Buffer.alloc(0), 3), 0)).toHaveLength(0);
});

test("the end of a frame is found whatever it holds and whatever follows it", () => {
  const anyPlain = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
    fc.nat({ max: 700_000 }).map((length) => noise(length, length)),
    fc.nat({ max: 700_000 }).map((length) => Buffer.alloc(length, "abcdef")),
  );
  fc.assert(
    fc.property(anyPlain, fc.integer({ min: 1, max: 6 }), fc.uint8Array({ maxLength: 20 }), (plain, level, more) => {
      const frame = Buffer.from(frameOf(plain, level));
      expect(zstdFrameBytes(Buffer.concat([frame, more]))).toBe(frame.length);
    }),
    { numRuns: 60 },
  );
});

test("a frame that is cut has no end", () => {
  const frame = frameOf(Buffer.from("some words, some words, some more words"), 3);
  for (let length = 0; length < frame.length; length++)
    expect(zstdFrameBytes(frame.subarray(0, length))).toBeUndefined();
});

test("an output of any length is one frame, also where a library's buffer would be exactly full", () => {
  const incompressible = noise(262_200);
  for (const by of [codec, portableCodec])
    for (const full of [16_384, 262_144]) {
      const lengths: number[] = [];
      for (let length = full - 80; length < full + 8; length++) {
        // What repeats costs a few bytes; the noise can't be compressed: outputs of neighbouring lengths, one of them full.
        const frame = frameOf(Buffer.concat([Buffer.alloc(19_000, 7), incompressible.subarray(0, length)]), 3, by);
        expect(zstdFrameBytes(frame)).toBe(frame.length);
        lengths.push(frame.length);
      }
      expect(lengths).toContain(full);
    }
});
