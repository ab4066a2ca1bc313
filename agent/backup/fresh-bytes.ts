/**
 * Bytes of a large file that have to be stored, if nobody has: long runs are split by content (format §3.1), short ones between known pieces are
 * gathered in bundles. Notes what they consist of.
 */
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import { cutPieces, hashPiece, PIECE_DIGEST_BYTES, type PieceNamer } from "../chunk/pieces.ts";
import { SPLIT_MIN_BYTES } from "../chunk/splitter.ts";
import { type ChunkToPack, withoutLinks } from "../vault/pack-writer.ts";
import type { PartsWriter } from "./parts.ts";
import type { ReadContext } from "./read-context.ts";

const GATHERED_BYTES_MAX = 1024 * 1024;
/** Of this thread: no more than it has jobs at a time. */
const idleBuffers: Buffer[] = [];

/** Bytes in the splitter's buffer. */
export interface Run {
  /** In the buffer. */
  readonly at: number;
  readonly length: number;
  /** In the file. */
  readonly position: number;
}

export class FreshBytes {
  readonly #context: ReadContext;
  readonly #parts: PartsWriter;
  /** Given when pieces are noted. */
  readonly #namePieces: PieceNamer | undefined;
  readonly #ids: Buffer[] = [];
  #gathered: { readonly bytes: Buffer; length: number; readonly chunk: number } | undefined;
  encodedBytes = 0;
  plainBytes = 0;

  constructor(context: ReadContext, parts: PartsWriter, namePieces: PieceNamer | undefined) {
    this.#context = context;
    this.#parts = parts;
    this.#namePieces = namePieces;
  }

  /** Chunk after chunk of a run whose end may be not yet in sight: call it with whole chunks only. */
  async addChunks(chunks: readonly Run[]): Promise<void> {
    if (chunks.length === 0) return;
    const { nameChunk, ask, splitter } = this.#context;
    const plains = chunks.map(({ at, length }) => splitter.buffer.subarray(at, at + length));
    const ids = plains.map((plain) => nameChunk(CHUNK_TYPES.data, plain));
    const known = await ask("chunks", Buffer.concat(ids), []);
    for (const [index, plain] of plains.entries()) {
      const id = Buffer.from(ids[index] ?? NONE);
      if (!known[index]) await this.#store(withoutLinks({ type: CHUNK_TYPES.data, id, plain }));
      const chunk = this.#ids.push(id) - 1;
      this.#note(chunks[index] ?? NO_RUN, chunk, 0);
    }
  }

  /** A whole run. */
  async addRun({ at, length, position }: Run): Promise<void> {
    const chunks: Run[] = [];
    let done = 0;
    while (length - done >= SPLIT_MIN_BYTES) {
      const cut = this.#context.splitter.cut(at + done, Math.min(length - done, CHUNK_BYTES_MAX));
      chunks.push({ at: at + done, length: cut, position: position + done });
      done += cut;
    }
    await this.addChunks(chunks);
    if (done < length) await this.#gather({ at: at + done, length: length - done, position: position + done });
  }

  /** What was gathered is stored. The ids, 32 bytes each. */
  async finish(): Promise<Buffer> {
    await this.#endGathered();
    return Buffer.concat(this.#ids);
  }

  async #gather(run: Run): Promise<void> {
    if (this.#gathered && this.#gathered.length + run.length > GATHERED_BYTES_MAX) await this.#endGathered();
    this.#gathered ??= {
      bytes: idleBuffers.pop() ?? Buffer.allocUnsafeSlow(GATHERED_BYTES_MAX),
      length: 0,
      chunk: this.#ids.push(NONE) - 1,
    };
    const { bytes, length, chunk } = this.#gathered;
    this.#context.splitter.buffer.copy(bytes, length, run.at, run.at + run.length);
    this.#gathered.length += run.length;
    this.#note(run, chunk, length);
  }

  async #endGathered(): Promise<void> {
    const gathered = this.#gathered;
    if (!gathered) return;
    this.#gathered = undefined;
    const { nameChunk, ask } = this.#context;
    const plain = gathered.bytes.subarray(0, gathered.length);
    const id = Buffer.from(nameChunk(CHUNK_TYPES.bundle, plain));
    this.#ids[gathered.chunk] = id;
    const [isKnown] = await ask("chunks", id, []);
    if (!isKnown) await this.#store(withoutLinks({ type: CHUNK_TYPES.bundle, id, plain }));
    idleBuffers.push(gathered.bytes);
  }

  async #store(chunk: ChunkToPack): Promise<void> {
    const plainBytes = chunk.plain.length;
    this.encodedBytes += await this.#context.filler.add(chunk);
    this.plainBytes += plainBytes;
  }

  #note({ at, length, position }: Run, chunk: number, offset: number): void {
    if (!this.#namePieces) {
      this.#parts.fresh(chunk, offset, length);
      return;
    }
    const { splitter } = this.#context;
    const lengths = cutPieces(position, length);
    const digests = this.#namePieces(splitter.buffer.subarray(at, at + length), lengths);
    let done = 0;
    for (const [index, piece] of lengths.entries()) {
      const hashes = hashPiece(splitter, at + done, piece);
      this.#parts.fresh(chunk, offset + done, piece, { ...hashes, digests, at: index * PIECE_DIGEST_BYTES });
      done += piece;
    }
  }
}

const NONE = Buffer.alloc(0);
const NO_RUN: Run = { at: 0, length: 0, position: 0 };
