/** The pieces of a file that are stored, from its last backups: what the reading threads compare with, and where each lies, for the main thread. */
import { PIECE_BYTES_MIN } from "../chunk/pieces.ts";
import { decodePieces } from "../state/piece-codec.ts";
import type { SegmentPieces } from "../state/piece-store.ts";
import { PIECE_RECORD_BYTES } from "./piece-view.ts";
import type { KnownRecords } from "./read-job.ts";
import { wornPieces } from "./worn-pieces.ts";

export interface KnownPiece {
  readonly chunk: Buffer;
  /** Length of the whole chunk. */
  readonly chunkBytes: number;
  /** In the chunk. */
  readonly offset: number;
  readonly length: number;
  readonly start: number;
  readonly inner: number;
  readonly digest: Buffer;
}

let lastVersion = 0;

export class KnownPieces implements KnownRecords {
  readonly records: SharedArrayBuffer;
  readonly version = ++lastVersion;
  readonly #bytes: Buffer;
  readonly #chunkOf: Uint32Array;
  readonly #offsets: Uint32Array;
  readonly #chunks: { readonly id: Buffer; readonly plainBytes: number }[] = [];

  /** `isStored`: what the service has lost, or never got, is not used. */
  constructor(rows: readonly SegmentPieces[], segmentBytes: number, isStored: (chunk: Buffer) => boolean) {
    const count = rows.reduce((sum, { pieces }) => sum + countPieces(pieces), 0);
    this.records = new SharedArrayBuffer(count * PIECE_RECORD_BYTES);
    this.#bytes = Buffer.from(this.records);
    this.#chunkOf = new Uint32Array(count);
    this.#offsets = new Uint32Array(count);
    const positions = new Float64Array(count);
    const lengths = new Uint32Array(count);
    /** Rows number their chunks each for itself; here a chunk has one number. */
    const numbers = new Map<string, number>();
    let index = 0;
    for (const { segment, pieces } of rows) {
      let position = segment * segmentBytes;
      const ownNumbers: number[] = [];
      decodePieces(pieces, {
        chunk: (id, plainBytes) => {
          const key = id.toString("latin1");
          const number = numbers.get(key) ?? this.#chunks.push({ id, plainBytes }) - 1;
          numbers.set(key, number);
          ownNumbers.push(number);
        },
        piece: ({ chunk, offset, length, start, inner, digest }) => {
          positions[index] = position;
          lengths[index] = length;
          this.#chunkOf[index] = ownNumbers[chunk] ?? 0;
          this.#offsets[index] = offset;
          const at = index * PIECE_RECORD_BYTES;
          this.#bytes.writeDoubleLE(position, at);
          this.#bytes.writeUInt32LE(length, at + 8);
          this.#bytes.writeUInt32LE(start, at + 12);
          this.#bytes.writeUInt32LE(inner, at + 16);
          digest.copy(this.#bytes, at + 24);
          position += length;
          index++;
        },
        hole: (length) => {
          position += length;
        },
      });
    }
    const isUsable = this.#chunks.map(({ id }) => isStored(id));
    const chunkBytes = this.#chunks.map(({ plainBytes }) => plainBytes);
    const worn = wornPieces({ chunks: this.#chunkOf, positions, lengths }, chunkBytes, PIECE_BYTES_MIN);
    for (const [piece, chunk] of this.#chunkOf.entries())
      if (!isUsable[chunk] || worn.has(piece))
        this.#bytes.fill(0, piece * PIECE_RECORD_BYTES + 12, (piece + 1) * PIECE_RECORD_BYTES);
  }

  get count(): number {
    return this.#chunkOf.length;
  }

  get(piece: number): KnownPiece | undefined {
    const chunk = this.#chunks[this.#chunkOf[piece] ?? -1];
    const at = piece * PIECE_RECORD_BYTES;
    return (
      chunk && {
        chunk: chunk.id,
        chunkBytes: chunk.plainBytes,
        offset: this.#offsets[piece] ?? 0,
        length: this.#bytes.readUInt32LE(at + 8),
        start: this.#bytes.readUInt32LE(at + 12),
        inner: this.#bytes.readUInt32LE(at + 16),
        digest: this.#bytes.subarray(at + 24, at + PIECE_RECORD_BYTES),
      }
    );
  }
}

function countPieces(row: Buffer): number {
  let count = 0;
  decodePieces(row, { chunk: () => undefined, hole: () => undefined, piece: () => void count++ });
  return count;
}
