/**
 * The pieces of a stretch of a file as the local state holds them: some 27 bytes each. Chunks with their plain lengths, then pieces and holes in
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
  /** Hash of its beginning (splitter.ts); 0 when it is too short for one. */
  readonly start: number;
  readonly digest: Buffer;
}

const DIGEST_BYTES = 16;

export class PieceEncoder implements PieceSink {
  readonly #chunks = new ByteWriter();
  readonly #pieces = new ByteWriter(32 * 1024);
  #count = 0;

  chunk(id: Buffer, plainBytes: number): void {
    this.#chunks.bytes(id).varint(plainBytes);
    this.#count++;
  }

  piece({ chunk, offset, length, start, digest }: PlacedPiece): void {
    this.#pieces
      .varint(chunk + 1)
      .varint(offset)
      .varint(length)
      .u32(start)
      .bytes(digest);
  }

  hole(length: number): void {
    if (length > 0) this.#pieces.varint(0).varint(length);
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
  while (reader.left > 0) {
    const number = reader.varint();
    if (number === 0) sink.hole(reader.varint());
    else {
      const [offset, length] = [reader.varint(), reader.varint()];
      sink.piece({ chunk: number - 1, offset, length, start: reader.u32(), digest: reader.bytes(DIGEST_BYTES) });
    }
  }
}

/** Rows carry a digest of their own: a row that can't be decoded was never written. */
const fail: Fail = (reason) => {
  throw new RangeError(`pieces: ${reason}`);
};
