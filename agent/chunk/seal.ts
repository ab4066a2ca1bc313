/**
 * Sealing and opening one chunk (format §4). A nonce is never used twice: the counter lives in the session object, which can't be copied.
 * Opening is one-shot: nothing is released before the tag and the chunk id are checked.
 */
import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type Decipheriv,
  type KeyObject,
} from "node:crypto";
import { ByteReader } from "../../base/bytes.ts";
import { crc32 } from "../../base/digest.ts";
import { bug, HoldfastError } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { malformed } from "../../protocol/malformed.ts";
import { CHUNK_HEADER_BYTES, type ChunkType, TAG_BYTES } from "../../protocol/pack-format.ts";
import type { ChunkNamer } from "./chunk-id.ts";
import { compress, expand } from "./compress.ts";
import { padmeLength } from "./padme.ts";

const CIPHER = "aes-256-gcm";
const FRAME_BYTES = 9;
const SESSION_CHUNKS_MAX = 2 ** 20;
const SESSION_BYTES_MAX = 64 * 2 ** 30;
const AAD_PREFIX = Buffer.from("holdfast/v1/chunk");
const ZEROS = Buffer.alloc(512 * 1024);

/** A key that may seal: made anew by each writer, never stored. */
export class SealSession {
  readonly enc: Buffer;
  readonly key: KeyObject;
  readonly context: SealContext;
  #counter = 0;
  #bytes = 0;

  constructor(key: Uint8Array, enc: Uint8Array, context: SealContext) {
    this.key = createSecretKey(key);
    this.enc = Buffer.from(enc);
    this.context = context;
  }

  /** Whether another session must be opened for the next chunk. */
  get isSpent(): boolean {
    return this.#counter >= SESSION_CHUNKS_MAX || this.#bytes >= SESSION_BYTES_MAX;
  }

  nextCounter(plainBytes: number): number {
    if (this.isSpent) bug("a spent session was used");
    this.#bytes += plainBytes;
    return this.#counter++;
  }
}

export interface SealContext {
  /** 16 bytes. */
  readonly vault: Uint8Array;
  readonly epoch: number;
}

export interface ChunkToSeal {
  readonly type: ChunkType;
  readonly id: Uint8Array;
  readonly plain: Uint8Array;
  /** zstd level. */
  readonly level: number;
  /** The pack's index of the session. */
  readonly sessionIndex: number;
}

/** The most bytes that `sealInto` writes for a plaintext of `plainLength`. */
export const sealedBytesMax = (plainLength: number): number =>
  CHUNK_HEADER_BYTES + padmeLength(FRAME_BYTES + plainLength) + TAG_BYTES;

/** Writes the sealed chunk at `offset` of `target`, which has room for `sealedBytesMax`; gives its length. */
export function sealInto(target: Buffer, offset: number, chunk: ChunkToSeal, session: SealSession): number {
  const { method, payload } = compress(chunk.plain, chunk.level);
  const unpadded = FRAME_BYTES + payload.length;
  const padded = padmeLength(unpadded);
  const header = target.subarray(offset, offset + CHUNK_HEADER_BYTES);
  const counter = session.nextCounter(chunk.plain.length);
  writeHeader(header, chunk, { counter, epoch: session.context.epoch, sealedLength: padded + TAG_BYTES });

  const cipher = createCipheriv(CIPHER, session.key, nonceOf(header), { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(session.context.vault, session.enc, header));
  const frame = Buffer.allocUnsafe(FRAME_BYTES);
  frame[0] = method;
  frame.writeUInt32LE(chunk.plain.length, 1);
  frame.writeUInt32LE(payload.length, 5);
  let at = offset + CHUNK_HEADER_BYTES;
  for (const part of [frame, payload, ZEROS.subarray(0, padded - unpadded)]) at = updateInto(target, at, cipher, part);
  cipher.final();
  at += cipher.getAuthTag().copy(target, at);
  return at - offset;
}

export interface SealedHeader {
  readonly type: number;
  readonly session: number;
  readonly epoch: number;
  readonly id: Buffer;
  /** Of ciphertext and tag. */
  readonly sealedLength: number;
}

export function decodeSealedHeader(bytes: Uint8Array): SealedHeader {
  const reader = new ByteReader(bytes.subarray(0, CHUNK_HEADER_BYTES), malformed("sealed chunk"));
  reader.magic("HFCK");
  if (reader.u8() !== 1) reader.fail("its version is unknown");
  const type = reader.u8();
  const session = reader.u16();
  const epoch = reader.u32();
  reader.u64();
  const id = Buffer.from(reader.bytes(32));
  const sealedLength = reader.u32();
  if (reader.u32() !== crc32(bytes.subarray(0, CHUNK_HEADER_BYTES - 4))) reader.fail("its header's checksum is wrong");
  return { type, session, epoch, id, sealedLength };
}

export interface ChunkToOpen {
  /** What the caller asked for: the sealed chunk must say and prove the same. */
  readonly type: ChunkType;
  readonly id: Uint8Array;
  readonly vault: Uint8Array;
  readonly enc: Uint8Array;
  readonly key: KeyObject;
}

/** The plaintext. Throws `chunk/corrupt` for anything but exactly the chunk that was asked for. */
export function open(sealed: Uint8Array, expected: ChunkToOpen, nameChunk: ChunkNamer): Buffer {
  const corrupt = (reason: string, cause?: unknown): never => {
    throw new HoldfastError("chunk/corrupt", { chunk: Buffer.from(expected.id).toString("hex"), reason }, { cause });
  };
  try {
    const plain = openUnnamed(sealed, expected);
    if (!nameChunk(expected.type, plain).equals(expected.id)) corrupt("its content is another chunk's");
    return plain;
  } catch (error) {
    if (error instanceof HoldfastError && error.code === "chunk/corrupt") throw error;
    return corrupt(error instanceof HoldfastError ? String(error.data.reason) : "it can't be opened", error);
  }
}

/** As `open`, without the check of the chunk id. */
export function openUnnamed(sealed: Uint8Array, expected: ChunkToCheck): Buffer {
  const { method, plainLength, payload } = openFrame(sealed, expected, Buffer.allocUnsafeSlow(sealed.length));
  return expand(method, payload, plainLength);
}

/** Whether a chunk that this thread has just sealed gives the plaintext back. */
export function opensTo(sealed: Uint8Array, expected: ChunkToCheck, plain: Buffer): boolean {
  if (sealed.length > scratch.length) scratch = Buffer.allocUnsafeSlow(sealed.length);
  const { method, plainLength, payload } = openFrame(sealed, expected, scratch);
  return expand(method, payload, plainLength).equals(plain);
}

type ChunkToCheck = Omit<ChunkToOpen, "id"> & { readonly id?: Uint8Array };

let scratch = Buffer.alloc(0);

interface Frame {
  readonly method: number;
  readonly plainLength: number;
  /** A view into the buffer that was given. */
  readonly payload: Buffer;
}

/** `into` has room for the whole sealed chunk. */
function openFrame(sealed: Uint8Array, expected: ChunkToCheck, into: Buffer): Frame {
  const fail = malformed("sealed chunk");
  if (sealed.length < CHUNK_HEADER_BYTES + FRAME_BYTES + TAG_BYTES) fail("it is too short");
  const header = decodeSealedHeader(sealed);
  if (header.type !== expected.type) fail("it is of another type");
  if (expected.id && !header.id.equals(expected.id)) fail("it is another chunk");
  if (header.sealedLength !== sealed.length - CHUNK_HEADER_BYTES) fail("its length is wrong");
  const headerBytes = Buffer.from(sealed.buffer, sealed.byteOffset, CHUNK_HEADER_BYTES);
  const decipher = createDecipheriv(CIPHER, expected.key, nonceOf(headerBytes), { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(expected.vault, expected.enc, headerBytes));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const length = updateInto(into, 0, decipher, sealed.subarray(CHUNK_HEADER_BYTES, sealed.length - TAG_BYTES));
  decipher.final(); // Throws unless the tag proves every byte; nothing has left this function before.

  const reader = new ByteReader(into.subarray(0, length), fail);
  const method = reader.u8();
  const plainLength = reader.u32();
  const payload = reader.bytes(reader.u32());
  if (method > 1 || plainLength > CHUNK_BYTES_MAX) fail("its frame is unknown");
  if (length !== padmeLength(FRAME_BYTES + payload.length)) fail("its padding has the wrong length");
  if (!ZEROS.subarray(0, reader.left).equals(reader.bytes(reader.left))) fail("its padding is not zero");
  return { method, plainLength, payload };
}

/** Each update makes a buffer of its own: small ones are reused from the heap, large ones are mapped, cleared and unmapped each time. */
const UPDATE_BYTES = 32 * 1024;

/** Gives where the output ends. */
function updateInto(target: Buffer, offset: number, cipher: Cipheriv | Decipheriv, input: Uint8Array): number {
  let end = offset;
  for (let at = 0; at < input.length; at += UPDATE_BYTES)
    end += cipher.update(input.subarray(at, at + UPDATE_BYTES)).copy(target, end);
  return end;
}

function writeHeader(
  header: Buffer,
  chunk: ChunkToSeal,
  numbers: { counter: number; epoch: number; sealedLength: number },
): void {
  header.write("HFCK", 0, "latin1");
  header[4] = 1;
  header[5] = chunk.type;
  header.writeUInt16LE(chunk.sessionIndex, 6);
  header.writeUInt32LE(numbers.epoch, 8);
  header.writeBigUInt64LE(BigInt(numbers.counter), 12);
  header.set(chunk.id, 20);
  header.writeUInt32LE(numbers.sealedLength, 52);
  header.writeUInt32LE(crc32(header.subarray(0, 56)), 56);
}

function nonceOf(header: Buffer): Buffer {
  const nonce = Buffer.alloc(12);
  header.copy(nonce, 4, 12, 20);
  return nonce;
}

/** Everything that says what this chunk is, except the session index, which may change when packs are recomposed. */
const associatedData = (vault: Uint8Array, enc: Uint8Array, header: Buffer): Buffer =>
  Buffer.concat([AAD_PREFIX, vault, enc, header.subarray(4, 6), header.subarray(8, 56)]);
