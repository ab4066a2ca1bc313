/**
 * The pieces of a stretch of a file as the local state holds them: some 28 bytes each. Chunks with their plain lengths, then pieces and holes in
 * the file's order.
 */
import { ByteReader, ByteWriter, type Fail } from "../../base/bytes.ts";

export interface PieceSink {
  /** A chunk that pieces will lie in. Numbers count from 0. */
  chunk(id: Buffer, plainBytes: number): void;
  piece(piece: PlacedPiece): void;
  hole(length: number): void;
}

export interface PlacedPiece {
  /** Number of the chunk. */
  readonly chunk: number;
  readonly offset: number;
  readonly length: number;
  /** See `PieceHashes`. */
  readonly start: number;
  readonly inner: number;
  readonly digest: Buffer;
}

const DIGEST_BYTES = 16;
/** What a piece begins with, or the number of its chunk. */
const HOLE = 0;
const FOLLOWS = 1;
const FIRST_CHUNK = 2;

export class PieceEncoder implements PieceSink {
  readonly #chunks = new ByteWriter();
  readonly #pieces = new ByteWriter(32 * 1024);
  #count = 0;
  #last: { readonly chunk: number; readonly end: number } | undefined;

  chunk(id: Buffer, plainBytes: number): void {
    this.#chunks.bytes(id).varint(plainBytes);
    this.#count++;
  }

  piece({ chunk, offset, length, start, inner, digest }: PlacedPiece): void {
    // Most pieces follow the one before: that takes one byte.
    if (this.#last?.chunk === chunk && this.#last.end === offset) this.#pieces.varint(FOLLOWS);
    else this.#pieces.varint(chunk + FIRST_CHUNK).varint(offset);
    this.#last = { chunk, end: offset + length };
    this.#pieces.varint(length).u32(start).u32(inner).bytes(digest);
  }

  hole(length: number): void {
    if (length > 0) this.#pieces.varint(HOLE).varint(length);
  }

  take(): Buffer {
    return new ByteWriter(this.#chunks.length + this.#pieces.length + 8)
      .varint(this.#count)
      .bytes(this.#chunks.view())
      .bytes(this.#pieces.view())
      .take();
  }
}

export function decodePieces(bytes: Buffer, sink: PieceSink): void {
  const reader = new ByteReader(bytes, fail);
  for (let chunks = reader.count(33); chunks > 0; chunks--) sink.chunk(reader.bytes(32), reader.varint());
  let [chunk, end] = [0, 0];
  while (reader.left > 0) {
    const kind = reader.varint();
    if (kind === HOLE) {
      sink.hole(reader.varint());
      continue;
    }
    if (kind !== FOLLOWS) [chunk, end] = [kind - FIRST_CHUNK, reader.varint()];
    const offset = end;
    const length = reader.varint();
    end += length;
    const [start, inner] = [reader.u32(), reader.u32()];
    sink.piece({ chunk, offset, length, start, inner, digest: reader.bytes(DIGEST_BYTES) });
  }
}

/** Rows carry a digest of their own: a row that can't be decoded was never written. */
const fail: Fail = (reason) => {
  throw new RangeError(`pieces: ${reason}`);
};
