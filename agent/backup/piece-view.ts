/** Known pieces of a file as the reading threads see them, in memory that all of them share. */

/** Position in the file (f64), length (u32), hash of the beginning (u32), digest (16). */
export const PIECE_RECORD_BYTES = 32;

/** A piece that must not be used has its place and length, and a digest that nothing has. */
export class PieceView {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #positions: Float64Array;
  readonly #numbers: Uint32Array;
  /** Where versions end: each is in the file's order; there is one, or two after a run that was cut. */
  readonly #ends: readonly number[];

  constructor(records: SharedArrayBuffer) {
    this.count = records.byteLength / PIECE_RECORD_BYTES;
    this.#bytes = Buffer.from(records);
    this.#positions = new Float64Array(records);
    this.#numbers = new Uint32Array(records);
    const ends = [];
    for (let piece = 1; piece < this.count; piece++)
      if (this.position(piece) < this.position(piece - 1)) ends.push(piece);
    this.#ends = [...ends, this.count];
  }

  position(piece: number): number {
    return this.#positions[piece * 4] ?? 0;
  }

  /** 0 for what is no piece. */
  length(piece: number): number {
    return this.#numbers[piece * 8 + 2] ?? 0;
  }

  /** Whether its digest is the one at `at` of `digests`. */
  isNamed(piece: number, digests: Buffer, at: number): boolean {
    const from = piece * PIECE_RECORD_BYTES + 16;
    return this.#bytes.compare(digests, at, at + 16, from, from + 16) === 0;
  }

  /** Hashes of the beginnings, for `KnownStarts`. */
  starts(): Uint32Array {
    return Uint32Array.from({ length: this.count }, (_, piece) => this.#numbers[piece * 8 + 3] ?? 0);
  }

  /** The piece that began at this position of the file; -1 if none did. */
  findAt(position: number): number {
    let from = 0;
    for (const end of this.#ends) {
      let [low, high] = [from, end];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (this.position(middle) < position) low = middle + 1;
        else high = middle;
      }
      if (low < end && this.position(low) === position) return low;
      from = end;
    }
    return -1;
  }
}
