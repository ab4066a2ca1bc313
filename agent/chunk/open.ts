/** Opening one sealed chunk (format §4), one-shot: nothing is released before the tag and the chunk id are checked. */
import { ByteReader } from "../../base/bytes.ts";
import { reserve } from "../../base/reserve.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { malformed } from "../../protocol/malformed.ts";
import { CHUNK_HEADER_BYTES, type ChunkType, TAG_BYTES } from "../../protocol/pack-format.ts";
import type { ChunkNamer } from "./chunk-id.ts";
import { codec } from "./codec.ts";
import { expandInto, METHODS } from "./compress.ts";
import { padmeLength } from "./padme.ts";
import { associatedData, decodeSealedHeader, FRAME_BYTES, nonceOf } from "./sealed-frame.ts";

export interface ChunkToOpen {
  /** What the caller asked for: the sealed chunk must say and prove the same. */
  readonly type: ChunkType;
  readonly id: Uint8Array;
  readonly vault: Uint8Array;
  readonly enc: Uint8Array;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** More than the padding of the largest chunk. */
const ZEROS = Buffer.alloc(256 * 1024);

type ChunkToCheck = Omit<ChunkToOpen, "id"> & { readonly id?: Uint8Array };

/** Memory for the plaintext of this length, at most 4 MiB. */
export type Allocate = (length: number) => Buffer;

/**
 * The plaintext, in memory that `allocate` gives (by default its own). Throws `chunk/corrupt` for anything but exactly the chunk that was
 * asked for.
 */
export function open(
  sealed: Uint8Array,
  expected: ChunkToOpen,
  nameChunk: ChunkNamer,
  allocate: Allocate = allocateNew,
): Buffer {
  const corrupt = (reason: string, cause?: unknown): never => {
    throw new HoldfastError("chunk/corrupt", { chunk: Buffer.from(expected.id).toString("hex"), reason }, { cause });
  };
  try {
    const plain = openUnnamed(sealed, expected, allocate);
    if (!nameChunk(expected.type, plain).equals(expected.id)) corrupt("its content is another chunk's");
    return plain;
  } catch (error) {
    if (error instanceof HoldfastError && error.code === "chunk/corrupt") throw error;
    return corrupt(error instanceof HoldfastError ? String(error.data.reason) : "it can't be opened", error);
  }
}

/** As `open`, without the check of the chunk id. */
export function openUnnamed(sealed: Uint8Array, expected: ChunkToCheck, allocate: Allocate = allocateNew): Buffer {
  const { method, plainLength, payload } = openFrame(sealed, expected);
  const plain = allocate(plainLength);
  expandInto(plain, method, payload);
  return plain;
}

/** Whether a chunk that this thread has just sealed gives the plaintext back. */
export function opensTo(sealed: Uint8Array, expected: ChunkToCheck, plain: Buffer): boolean {
  const { method, plainLength, payload } = openFrame(sealed, expected);
  if (plainLength !== plain.length) return false;
  if (method === METHODS.stored) return payload.equals(plain);
  expanded ??= reserve(CHUNK_BYTES_MAX);
  const target = expanded.subarray(0, plainLength);
  expandInto(target, method, payload);
  return target.equals(plain);
}

const allocateNew: Allocate = (length) => Buffer.allocUnsafeSlow(length);

/** This thread's own. */
let decrypted: Buffer | undefined;
let expanded: Buffer | undefined;
const FRAME_BYTES_MAX = padmeLength(FRAME_BYTES + CHUNK_BYTES_MAX);

interface Frame {
  readonly method: number;
  readonly plainLength: number;
  /** Valid until the next chunk is opened. */
  readonly payload: Buffer;
}

function openFrame(sealed: Uint8Array, expected: ChunkToCheck): Frame {
  const fail = malformed("sealed chunk");
  if (sealed.length < CHUNK_HEADER_BYTES + FRAME_BYTES + TAG_BYTES) fail("it is too short");
  const header = decodeSealedHeader(sealed);
  if (header.type !== expected.type) fail("it is of another type");
  if (expected.id && !header.id.equals(expected.id)) fail("it is another chunk");
  if (header.sealedLength !== sealed.length - CHUNK_HEADER_BYTES) fail("its length is wrong");
  const headerBytes = Buffer.from(sealed.buffer, sealed.byteOffset, CHUNK_HEADER_BYTES);
  const length = sealed.length - CHUNK_HEADER_BYTES - TAG_BYTES;
  if (length > FRAME_BYTES_MAX) fail("it is too long");
  decrypted ??= reserve(FRAME_BYTES_MAX);
  const frame = decrypted.subarray(0, length);
  const end = CHUNK_HEADER_BYTES + length;
  codec.gcm.open(frame, sealed.subarray(CHUNK_HEADER_BYTES, end), sealed.subarray(end), {
    key: expected.key,
    nonce: nonceOf(headerBytes),
    associated: associatedData(expected.vault, expected.enc, headerBytes),
  });

  const reader = new ByteReader(frame, fail);
  const method = reader.u8();
  const plainLength = reader.u32();
  const payload = reader.bytes(reader.u32());
  if (method > 1 || plainLength > CHUNK_BYTES_MAX) fail("its frame is unknown");
  if (length !== padmeLength(FRAME_BYTES + payload.length)) fail("its padding has the wrong length");
  if (!ZEROS.subarray(0, reader.left).equals(reader.bytes(reader.left))) fail("its padding is not zero");
  return { method, plainLength, payload };
}
