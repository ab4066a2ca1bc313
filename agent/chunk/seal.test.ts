import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_TYPES, type ChunkType } from "../../protocol/pack-format.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { makeChunkNamer } from "./chunk-id.ts";
import { type ChunkToOpen, open } from "./open.ts";
import { SealSession, sealedBytesMax, sealInto } from "./seal.ts";

const KEY = Buffer.alloc(32, 1);
const ENC = Buffer.alloc(32, 2);
const VAULT = Buffer.alloc(16, 3);
const nameChunk = makeChunkNamer(Buffer.alloc(32, 4));
const newSession = () => new SealSession(KEY, ENC, { vault: VAULT, epoch: 1 });

function seal(plain: Buffer, type: ChunkType = CHUNK_TYPES.data, session = newSession()): Buffer {
  const target = Buffer.alloc(7 + sealedBytesMax(plain.length), 0xee);
  const id = nameChunk(type, plain);
  const length = sealInto(target, 7, { type, id, plain, level: 3, sessionIndex: 0 }, session);
  return target.subarray(7, 7 + length);
}

const asked = (plain: Buffer, more: Partial<ChunkToOpen> = {}): ChunkToOpen => {
  const type = more.type ?? CHUNK_TYPES.data;
  return { type, id: nameChunk(type, plain), vault: VAULT, enc: ENC, key: KEY, ...more };
};

const anyPlain = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(fc.nat({ max: 300_000 }), fc.integer()).map(([length, byte]) => Buffer.alloc(length, byte & 255)),
  fc.nat({ max: 300_000 }).map((length) => noise(length, length + 1)),
);

test("what is sealed opens to the same bytes, and takes no more room than was said", () => {
  fc.assert(
    fc.property(anyPlain, fc.constantFrom(...Object.values(CHUNK_TYPES)), (plain, type) => {
      const sealed = seal(plain, type);
      expect(sealed.length).toBeLessThanOrEqual(sealedBytesMax(plain.length));
      expect(open(sealed, asked(plain, { type }), nameChunk).equals(plain)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("every change of any one byte is refused, except in the session index, which means nothing here", () => {
  const plain = Buffer.from("some plaintext that is sealed");
  const sealed = seal(plain);
  for (let at = 0; at < sealed.length; at++)
    for (const bit of [1, 128]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ bit;
      // The checksum of the header covers the session index, too.
      expect(() => open(changed, asked(plain), nameChunk), `byte ${at}`).toThrow(
        expect.objectContaining({ code: "chunk/corrupt" }),
      );
    }
});

test("a chunk cut anywhere is refused", () => {
  const plain = noise(200);
  const sealed = seal(plain);
  for (let length = 0; length < sealed.length; length++)
    expect(() => open(sealed.subarray(0, length), asked(plain), nameChunk)).toThrow(
      expect.objectContaining({ code: "chunk/corrupt" }),
    );
});

test.each<[string, Partial<ChunkToOpen>]>([
  ["key", { key: Buffer.alloc(32, 9) }],
  ["encapsulated key", { enc: Buffer.alloc(32, 9) }],
  ["vault", { vault: Buffer.alloc(16, 9) }],
  ["type", { type: CHUNK_TYPES.page, id: nameChunk(CHUNK_TYPES.data, Buffer.from("x")) }],
  ["id", { id: Buffer.alloc(32, 9) }],
])("asked for with another %s it is refused", (_, more) => {
  const plain = Buffer.from("x");
  expect(() => open(seal(plain), asked(plain, more), nameChunk)).toThrow(
    expect.objectContaining({ code: "chunk/corrupt" }),
  );
});

test("the same plaintext is sealed to other bytes each time, of one length", () => {
  const session = newSession();
  const plain = noise(500);
  const sealed = [seal(plain, CHUNK_TYPES.data, session), seal(plain, CHUNK_TYPES.data, session)].map(Buffer.from);
  expect(sealed[0]?.subarray(60).equals(sealed[1]?.subarray(60) ?? Buffer.alloc(0))).toBe(false);
  expect(sealed[0]?.length).toBe(sealed[1]?.length);
});

test("a session is spent after 2^20 chunks or 64 GiB, and refuses then", () => {
  const [many, large] = [newSession(), newSession()];
  let last = -1;
  while (!many.isSpent) last = many.nextCounter(1);
  expect(last).toBe(2 ** 20 - 1);
  expect(() => many.nextCounter(1)).toThrow();
  large.nextCounter(64 * 2 ** 30 - 1);
  expect(large.isSpent).toBe(false);
  large.nextCounter(1);
  expect(large.isSpent).toBe(true);
});
