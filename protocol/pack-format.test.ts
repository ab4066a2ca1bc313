import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CHUNK_TYPES,
  decodePackFrame,
  encodePackEnd,
  encodePackHeader,
  type PackChunk,
  type PackFrame,
  packHeaderBytes,
} from "./pack-format.ts";

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));

const anyFrame: fc.Arbitrary<PackFrame> = fc
  .record({
    kind: fc.constantFrom(0, 1),
    vault: bytes(16),
    sessions: fc.array(bytes(32), { minLength: 1, maxLength: 5 }),
    parts: fc.array(
      fc.record({
        id: bytes(32),
        second: fc.boolean(),
        session: fc.nat(),
        length: fc.integer({ min: 85, max: 3000 }),
        links: fc.array(bytes(32), { maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .map(({ kind, vault, sessions, parts }) => {
    let offset = packHeaderBytes(sessions.length);
    const types = kind === 0 ? [CHUNK_TYPES.data, CHUNK_TYPES.bundle] : [CHUNK_TYPES.page, CHUNK_TYPES.list];
    const chunks = parts.map(({ id, second, session, length, links }): PackChunk => {
      offset += length;
      return {
        id,
        type: types[second ? 1 : 0] ?? CHUNK_TYPES.data,
        session: session % sessions.length,
        offset: offset - length,
        length,
        links: Buffer.concat(kind === 0 ? [] : links),
      };
    });
    return { kind, vault, sessions, chunks };
  });

function encode(frame: PackFrame): Buffer {
  const last = frame.chunks.at(-1);
  const end = last ? last.offset + last.length : 0;
  const header = encodePackHeader(frame);
  return Buffer.concat([header, Buffer.alloc(end - header.length, 0xcc), encodePackEnd(frame.chunks, end)]);
}

const decode = (pack: Buffer): PackFrame =>
  decodePackFrame(pack.length, (offset, length) => {
    // A reader of a file would fail here: nothing outside may be asked for.
    expect(offset >= 0 && length >= 0 && offset + length <= pack.length).toBe(true);
    return pack.subarray(offset, offset + length);
  });

test("any frame is read back as it was written", () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      expect(decode(encode(frame))).toEqual(frame);
    }),
  );
});

test("a frame that was altered in any byte but the chunks' is refused, and nothing outside the pack is read", () => {
  fc.assert(
    fc.property(anyFrame, fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, place, flip) => {
      const pack = encode(frame);
      const start = packHeaderBytes(frame.sessions.length);
      const end = frame.chunks.reduce((sum, { length }) => sum + length, start);
      const framing = start + pack.length - end;
      const at = place % framing < start ? place % framing : end + ((place % framing) - start);
      pack[at] = (pack[at] ?? 0) ^ flip;
      expect(() => decode(pack)).toThrow(expect.objectContaining({ code: "format/malformed" }));
    }),
    { numRuns: 500 },
  );
});

test("a pack that is cut anywhere is refused", () => {
  const [frame] = fc.sample(anyFrame, { numRuns: 1, seed: 7 });
  const pack = frame ? encode(frame) : Buffer.alloc(0);
  for (let length = 0; length < pack.length; length += 13)
    expect(() => decode(pack.subarray(0, length))).toThrow(expect.objectContaining({ code: "format/malformed" }));
});
