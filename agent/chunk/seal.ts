/** Sealing one chunk (format §4). A nonce is never used twice: the counter lives in the session object, which can't be copied. */
import { crc32 } from "../../base/digest.ts";
import { bug } from "../../protocol/errors.ts";
import { CHUNK_HEADER_BYTES, type ChunkType, TAG_BYTES } from "../../protocol/pack-format.ts";
import { codec } from "./codec.ts";
import { compressInto } from "./compress.ts";
import { padmeLength } from "./padme.ts";
import { associatedData, FRAME_BYTES, nonceOf } from "./sealed-frame.ts";

const SESSION_CHUNKS_MAX = 2 ** 20;
const SESSION_BYTES_MAX = 64 * 2 ** 30;

/** A key that may seal: made anew by each writer, never stored. */
export class SealSession {
  readonly enc: Buffer;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly context: SealContext;
  #counter = 0;
  #bytes = 0;

  constructor(key: Uint8Array, enc: Uint8Array, context: SealContext) {
    this.key = Buffer.from(key);
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
  const from = offset + CHUNK_HEADER_BYTES;
  const payloadAt = from + FRAME_BYTES;
  const payload = target.subarray(payloadAt, payloadAt + chunk.plain.length);
  const { method, length } = compressInto(payload, chunk.plain, chunk.level);
  const padded = padmeLength(FRAME_BYTES + length);
  target[from] = method;
  target.writeUInt32LE(chunk.plain.length, from + 1);
  target.writeUInt32LE(length, from + 5);
  target.fill(0, payloadAt + length, from + padded);

  const header = target.subarray(offset, from);
  const counter = session.nextCounter(chunk.plain.length);
  writeHeader(header, chunk, { counter, epoch: session.context.epoch, sealedLength: padded + TAG_BYTES });
  const { key, enc, context } = session;
  const end = from + padded + TAG_BYTES;
  codec.gcm.seal(target.subarray(from, from + padded), target.subarray(from + padded, end), {
    key,
    nonce: nonceOf(header),
    associated: associatedData(context.vault, enc, header),
  });
  return end - offset;
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
