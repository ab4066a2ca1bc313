/** The frame of a pack: header, directory, trailer (format §5). What lies in its chunks is the agent's business. */
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { crc32 } from "../base/digest.ts";
import { CHUNK_BYTES_MAX, PACK_BYTES_MAX, PACK_SESSIONS_MAX } from "./limits.ts";
import { malformed } from "./malformed.ts";

export const PACK_KINDS = { data: 0, pages: 1 } as const;
export const CHUNK_TYPES = { data: 1, bundle: 2, page: 3, list: 4, body: 5 } as const;
export type ChunkType = (typeof CHUNK_TYPES)[keyof typeof CHUNK_TYPES];

export const CHUNK_HEADER_BYTES = 60;
export const TAG_BYTES = 16;
export const TRAILER_BYTES = 24;
/** The smallest sealed chunk: header, the padded 9 bytes of an empty plaintext, tag. */
const SEALED_BYTES_MIN = CHUNK_HEADER_BYTES + 9 + TAG_BYTES;
/** Padding adds at most an eighth. */
const SEALED_BYTES_MAX = CHUNK_HEADER_BYTES + Math.ceil((CHUNK_BYTES_MAX + 9) * 1.125) + TAG_BYTES;

/** Where a sealed chunk lies in its pack, and what it refers to. */
export interface PackChunk {
  /** 32 bytes. */
  readonly id: Buffer;
  readonly type: ChunkType;
  /** Index in the pack's sessions. */
  readonly session: number;
  readonly offset: number;
  /** Header, ciphertext and tag. */
  readonly length: number;
  /** Distinct chunk ids, 32 bytes each, one after the other. */
  readonly links: Buffer;
}

export interface PackFrame {
  readonly kind: 0 | 1;
  /** 16 bytes. */
  readonly vault: Buffer;
  /** Encapsulated keys, 32 bytes each. */
  readonly sessions: readonly Buffer[];
  readonly chunks: readonly PackChunk[];
}

export function encodePackHeader(frame: Pick<PackFrame, "kind" | "vault" | "sessions">): Buffer {
  const out = new ByteWriter(256)
    .bytes(Buffer.from("HFPK"))
    .u8(1)
    .u8(frame.kind)
    .u16(frame.sessions.length)
    .bytes(frame.vault);
  for (const session of frame.sessions) out.bytes(session);
  return out.u32(crc32(out.view())).take();
}

export const packHeaderBytes = (sessions: number): number => 24 + 32 * sessions + 4;

/** Directory and trailer, to stand at `offset`, right behind the last chunk. */
export function encodePackEnd(chunks: readonly PackChunk[], offset: number): Buffer {
  const directory = new ByteWriter(chunks.length * 64);
  for (const chunk of chunks) {
    directory.bytes(chunk.id).u8(chunk.type).u16(chunk.session).u32(chunk.offset).u32(chunk.length);
    directory.u32(chunk.links.length / 32).bytes(chunk.links);
  }
  const trailer = new ByteWriter(TRAILER_BYTES).u32(offset).u32(directory.length).u32(chunks.length);
  trailer.u32(crc32(directory.view())).u32(crc32(trailer.view())).bytes(Buffer.from("HFPE"));
  return Buffer.concat([directory.view(), trailer.view()]);
}

/**
 * Reads and checks the frame of a pack of `sizeBytes`, through `read(offset, length)`, which gives exactly that many
 * bytes. Throws `format/malformed`. That the bytes match the pack id is for the caller to check.
 */
export function decodePackFrame(sizeBytes: number, read: (offset: number, length: number) => Uint8Array): PackFrame {
  const fail = malformed("pack");
  if (sizeBytes > PACK_BYTES_MAX) fail("it is too large");
  if (sizeBytes < packHeaderBytes(1) + TRAILER_BYTES) fail("it is too short");
  const header = decodeHeader(read, sizeBytes);
  const trailer = new ByteReader(read(sizeBytes - TRAILER_BYTES, TRAILER_BYTES), fail);
  const directoryOffset = trailer.u32();
  const directoryLength = trailer.u32();
  const count = trailer.u32();
  const directoryCrc = trailer.u32();
  const trailerBytes = new ByteWriter(16).u32(directoryOffset).u32(directoryLength).u32(count).u32(directoryCrc);
  if (trailer.u32() !== crc32(trailerBytes.view())) fail("the trailer's checksum is wrong");
  trailer.magic("HFPE");
  if (directoryOffset + directoryLength + TRAILER_BYTES !== sizeBytes)
    fail("the directory does not end at the trailer");
  const directory = read(directoryOffset, directoryLength);
  if (crc32(directory) !== directoryCrc) fail("the directory's checksum is wrong");
  const start = packHeaderBytes(header.sessions.length);
  return { ...header, chunks: decodeDirectory(directory, count, { start, end: directoryOffset, header }) };
}

function decodeHeader(read: (offset: number, length: number) => Uint8Array, sizeBytes: number) {
  const fail = malformed("pack");
  const fixed = new ByteReader(read(0, 24), fail);
  fixed.magic("HFPK");
  if (fixed.u8() !== 1) fail("its version is unknown");
  const kind = fixed.u8();
  if (kind !== PACK_KINDS.data && kind !== PACK_KINDS.pages) return fail("its kind is unknown");
  const count = fixed.u16();
  if (count < 1 || count > PACK_SESSIONS_MAX) fail("its number of sessions is not allowed");
  const vault = Buffer.from(fixed.bytes(16));
  const length = packHeaderBytes(count);
  if (length + TRAILER_BYTES > sizeBytes) fail("it is too short");
  const whole = read(0, length);
  const rest = new ByteReader(whole.subarray(24), fail);
  const sessions = Array.from({ length: count }, () => Buffer.from(rest.bytes(32)));
  if (rest.u32() !== crc32(whole.subarray(0, length - 4))) fail("the header's checksum is wrong");
  return { kind, vault, sessions } as const;
}

function decodeDirectory(
  bytes: Uint8Array,
  count: number,
  expected: { start: number; end: number; header: Pick<PackFrame, "kind" | "sessions"> },
): PackChunk[] {
  const fail = malformed("pack");
  const reader = new ByteReader(bytes, fail);
  if (count < 1 || count * 47 > reader.left) fail("its number of chunks is not possible");
  const chunks: PackChunk[] = [];
  let at = expected.start;
  for (let index = 0; index < count; index++) {
    const id = Buffer.from(reader.bytes(32));
    const type = parseType(reader.u8(), expected.header.kind);
    const session = reader.u16();
    const offset = reader.u32();
    const length = reader.u32();
    const links = reader.u32();
    if (links > 0 && expected.header.kind === PACK_KINDS.data) fail("data has links");
    if (links * 32 > reader.left) fail("a count exceeds the data");
    if (session >= expected.header.sessions.length) fail("a session index is out of range");
    if (offset !== at) fail("chunks overlap or leave a gap");
    if (length < SEALED_BYTES_MIN || length > SEALED_BYTES_MAX) fail("a chunk's length is not possible");
    at += length;
    if (at > expected.end) fail("a chunk reaches into the directory");
    chunks.push({ id, type, session, offset, length, links: Buffer.from(reader.bytes(links * 32)) });
  }
  if (at !== expected.end) fail("chunks overlap or leave a gap");
  reader.end();
  return chunks;
}

function parseType(type: number, kind: 0 | 1): ChunkType {
  const allowed: readonly ChunkType[] =
    kind === PACK_KINDS.data ? [CHUNK_TYPES.data, CHUNK_TYPES.bundle] : [CHUNK_TYPES.page, CHUNK_TYPES.list];
  return allowed.find((each) => each === type) ?? malformed("pack")("a chunk's type does not belong there");
}
