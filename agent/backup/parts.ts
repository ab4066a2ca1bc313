/**
 * What a stretch of a large file consists of, as a reading thread tells it to the main thread: one record for each piece (each chunk, of files without
 * pieces) and each hole, in one flat array.
 */
import { PIECE_DIGEST_BYTES, type PieceHashes } from "../chunk/pieces.ts";

/** Length (f64), source (i32), offset in the chunk (u32), hashes (two u32), digest (16). */
const PART_BYTES = 40;
const HOLE = -1;

export type Part =
  | { readonly kind: "hole"; readonly length: number }
  /** Bytes of one of the chunks that were read; hashes and digest are zeros when pieces are not noted. */
  | ({
      readonly kind: "new";
      readonly length: number;
      /** Index in the result's chunk ids. */
      readonly chunk: number;
      readonly offset: number;
      readonly digest: Buffer;
    } & PieceHashes)
  /** A piece that was known before. */
  | { readonly kind: "known"; readonly length: number; readonly piece: number };

export class PartsWriter {
  #bytes = Buffer.alloc(64 * PART_BYTES);
  #count = 0;
  /** How many bytes of the file the parts make up. */
  length = 0;

  hole(length: number): void {
    if (length > 0) this.#next(length, HOLE);
  }

  known(piece: number, length: number): void {
    this.#next(length, HOLE - 1 - piece);
  }

  /** `name`: what the piece is found by; its digest is the one at `at` of `digests`. */
  fresh(chunk: number, offset: number, length: number, name?: PieceHashes & { digests: Buffer; at: number }): void {
    const at = this.#next(length, chunk);
    this.#bytes.writeUInt32LE(offset, at + 12);
    if (!name) return;
    this.#bytes.writeUInt32LE(name.start, at + 16);
    this.#bytes.writeUInt32LE(name.inner, at + 20);
    name.digests.copy(this.#bytes, at + 24, name.at, name.at + PIECE_DIGEST_BYTES);
  }

  take(): Buffer {
    return this.#bytes.subarray(0, this.#count * PART_BYTES);
  }

  #next(length: number, source: number): number {
    const at = this.#count++ * PART_BYTES;
    if (at === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(at)]);
    this.#bytes.writeDoubleLE(length, at);
    this.#bytes.writeInt32LE(source, at + 8);
    this.length += length;
    return at;
  }
}

export function* readParts(parts: Uint8Array): Generator<Part> {
  const bytes = Buffer.from(parts.buffer, parts.byteOffset, parts.length);
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    const length = bytes.readDoubleLE(at);
    const source = bytes.readInt32LE(at + 8);
    if (source === HOLE) yield { kind: "hole", length };
    else if (source < HOLE) yield { kind: "known", length, piece: HOLE - 1 - source };
    else
      yield {
        kind: "new",
        length,
        chunk: source,
        offset: bytes.readUInt32LE(at + 12),
        start: bytes.readUInt32LE(at + 16),
        inner: bytes.readUInt32LE(at + 20),
        digest: bytes.subarray(at + 24, at + PART_BYTES),
      };
  }
}
