/** Known pieces of a file as the reading threads see them, in memory that all of them share. */

import type { StartingPieces } from "../chunk/known-starts.ts";

/** Position in the file (f64), length, the two hashes, unused (u32 each), digest (16). */
export const PIECE_RECORD_BYTES = 40;
const DIGEST_AT = 24;

/** A piece that must not be used has its place and length, and a digest that nothing has. */
export class PieceView implements StartingPieces {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #positions: Float64Array;
  readonly #numbers: Uint32Array;

  constructor(records: SharedArrayBuffer) {
    this.count = records.byteLength / PIECE_RECORD_BYTES;
    this.#bytes = Buffer.from(records);
    this.#positions = new Float64Array(records);
    this.#numbers = new Uint32Array(records);
  }

  position(piece: number): number {
    return this.#positions[piece * 5] ?? 0;
  }

  /** 0 for what is no piece. */
  length(piece: number): number {
    return this.#numbers[piece * 10 + 2] ?? 0;
  }

  inner(piece: number): number {
    return this.#numbers[piece * 10 + 4] ?? 0;
  }

  /** Whether its digest is the one at `at` of `digests`. */
  isNamed(piece: number, digests: Buffer, at: number): boolean {
    const from = piece * PIECE_RECORD_BYTES + DIGEST_AT;
    return this.#bytes.compare(digests, at, at + 16, from, from + 16) === 0;
  }

  start(piece: number): number {
    return this.#numbers[piece * 10 + 3] ?? 0;
  }

  /** The piece that began at this position of the file; -1 if none did. */
  findAt(position: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.position(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low < this.count && this.position(low) === position ? low : -1;
  }
}
