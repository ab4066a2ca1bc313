import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { CHUNK_BYTES_MAX, PACK_BYTES_MAX } from "../../protocol/limits.ts";
import { CHUNK_TYPES, decodePackFrame } from "../../protocol/pack-format.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { open } from "../chunk/open.ts";
import { SealSession } from "../chunk/seal.ts";
import { PackWriter, packBufferBytes, withoutLinks } from "./pack-writer.ts";

const TARGET = 1024 * 1024;
const KEY = Buffer.alloc(32, 1);
const VAULT = Buffer.alloc(16, 3);
const nameChunk = makeChunkNamer(Buffer.alloc(32, 4));
const newSession = () => new SealSession(KEY, Buffer.alloc(32, 2), { vault: VAULT, epoch: 1 });

const newWriter = (buffer: Buffer, kind: "data" | "pages" = "data") =>
  new PackWriter(buffer, { kind, targetBytes: TARGET, level: 3, session: newSession() });

const frameOf = (bytes: Buffer) =>
  decodePackFrame(bytes.length, (offset, length) => bytes.subarray(offset, offset + length));

const dataChunk = (plain: Buffer) =>
  withoutLinks({ type: CHUNK_TYPES.data, id: nameChunk(CHUNK_TYPES.data, plain), plain });

test("a pack holds what was added, in order, and its id is its digest", () => {
  const writer = newWriter(Buffer.alloc(packBufferBytes(TARGET), 0xee));
  expect(writer.isEmpty).toBe(true);
  const plains = [noise(5000), Buffer.alloc(0), Buffer.from("text ".repeat(100))];
  for (const plain of plains) writer.add(dataChunk(plain));
  const pack = writer.finish();
  expect(pack.id).toEqual(sha256(pack.bytes));
  const { chunks, vault, kind, sessions } = frameOf(pack.bytes);
  expect({ kind, vault, sessions: sessions.length }).toEqual({ kind: 0, vault: VAULT, sessions: 1 });
  expect(chunks.map(({ id }) => id)).toEqual(pack.chunkIds);
  for (const [index, { id, type, offset, length }] of chunks.entries()) {
    const asked = { type, id, vault: VAULT, enc: sessions[0] ?? Buffer.alloc(0), key: KEY };
    expect(open(pack.bytes.subarray(offset, offset + length), asked, nameChunk)).toEqual(plains[index]);
  }
});

test("links of pages stand in the directory", () => {
  const writer = newWriter(Buffer.alloc(packBufferBytes(TARGET)), "pages");
  const links = noise(32 * 700);
  const plain = noise(3000);
  writer.add({ type: CHUNK_TYPES.page, id: nameChunk(CHUNK_TYPES.page, plain), plain, links });
  expect(frameOf(writer.finish().bytes).chunks[0]?.links).toEqual(links);
});

test("a buffer of the stated size takes every chunk that there was room for", () => {
  for (const plainBytes of [1, 300, 70_000, CHUNK_BYTES_MAX]) {
    const writer = newWriter(Buffer.alloc(packBufferBytes(TARGET)));
    let count = 0;
    const chunk = dataChunk(noise(plainBytes));
    for (; writer.hasRoom(plainBytes); count++) writer.add(chunk);
    const { bytes } = writer.finish();
    expect(frameOf(bytes).chunks).toHaveLength(count);
    expect(bytes.length).toBeGreaterThan(Math.min(TARGET, count * plainBytes) * 0.9);
    expect(bytes.length).toBeLessThan(PACK_BYTES_MAX);
  }
});

test("pages of very many links fill a pack by their directory", () => {
  const writer = newWriter(Buffer.alloc(packBufferBytes(TARGET)), "pages");
  const links = noise(32 * 3000);
  const plain = noise(100);
  let count = 0;
  for (; writer.hasRoom(plain.length, links.length); count++)
    writer.add({ type: CHUNK_TYPES.page, id: nameChunk(CHUNK_TYPES.page, plain), plain, links });
  expect(count).toBeGreaterThan(1);
  expect(frameOf(writer.finish().bytes).chunks).toHaveLength(count);
});
