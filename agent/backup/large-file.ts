/**
 * A large file on its way through the reading threads: it goes in segments, so that several threads read it at once, and what they found is put
 * together here. Its pieces are noted for the next backup.
 */
import { collectYoung } from "../../base/collect-garbage.ts";
import { STARTS_MAX } from "../chunk/known-starts.ts";
import { PIECE_BYTES, PIECES_FROM_BYTES } from "../chunk/pieces.ts";
import type { Slice } from "../model/entry.ts";
import type { PieceStore } from "../state/piece-store.ts";
import type { Cell } from "./cell.ts";
import type { Fate } from "./known-chunks.ts";
import { KnownPieces } from "./known-pieces.ts";
import { noteParts, SliceList } from "./note-parts.ts";
import type { FileTrouble, ReadFile, ReadResult, Segment } from "./read-job.ts";

/** Format §3.1: each is split by itself. */
export const SEGMENT_BYTES = 64 * 1024 * 1024;
/** Of a file beyond this only what was near is compared with: all its pieces would need too much memory. */
const COMPARED_BYTES_MAX = (STARTS_MAX * PIECE_BYTES) / 2;
const NEAR_SEGMENTS = 8;

export interface LargeFileOptions {
  readonly store: PieceStore;
  readonly pieceKey: Uint8Array;
  readonly isStored: (chunk: Buffer) => boolean;
}

export interface SegmentToRead {
  readonly number: number;
  readonly segment: Segment;
  /** What its known pieces mean. */
  readonly known: KnownPieces | undefined;
}

interface SegmentRead {
  readonly file: ReadFile;
  readonly slices: readonly Slice[];
}

export class LargeFile {
  readonly cells: readonly [Cell];
  /** Of all that its segments need. */
  readonly fates: Fate[] = [];
  encodedBytes = 0;
  trouble: FileTrouble | undefined;
  readonly #options: LargeFileOptions | undefined;
  readonly #count: number;
  readonly #version: number;
  /** All of its pieces, when they are not too many; loaded when it is its turn. */
  #compared: { readonly pieces: KnownPieces | undefined } | undefined;
  #next = 0;
  #open = 0;
  /** Before this no data comes that was not read. */
  #dataAt = 0;
  readonly #read = new Map<number, SegmentRead>();

  /** `options`: for files whose pieces are noted. */
  constructor(cell: Cell, options: LargeFileOptions | undefined) {
    this.cells = [cell];
    this.#options = options;
    this.#count = Math.max(1, Math.ceil(cell.found.sizeBytes / SEGMENT_BYTES));
    this.#version = options?.store.begin(cell.found.path) ?? 0;
  }

  get hasMore(): boolean {
    return this.#next < this.#count && !this.trouble;
  }

  /** Nothing is to be read any more, and nothing is being read. */
  get isRead(): boolean {
    return this.#open === 0 && !this.hasMore;
  }

  /** Ask `hasMore` first. */
  next(): SegmentToRead {
    const last = this.#count - 1;
    while (this.#next < last && (this.#next + 1) * SEGMENT_BYTES <= this.#dataAt) this.#next++;
    const number = this.#next++;
    this.#open++;
    const from = number * SEGMENT_BYTES;
    // The last one takes what was added after the walk.
    const to = number === last ? Number.MAX_SAFE_INTEGER : from + SEGMENT_BYTES;
    const known = this.#known(number);
    const records = known && { records: known.records, version: known.version };
    return { number, known, segment: { from, to, pieceKey: this.#options?.pieceKey, known: records } };
  }

  take({ number, known }: SegmentToRead, result: ReadResult): void {
    this.#open--;
    this.encodedBytes += result.encodedBytes;
    const [file] = result.files;
    if (!file || typeof file.trouble === "object") {
      this.trouble ??= file?.trouble === "again" ? undefined : file?.trouble;
      return;
    }
    this.#dataAt = Math.max(this.#dataAt, result.dataAt ?? 0);
    const { slices, pieces } = noteParts(result, known);
    this.#read.set(number, { file, slices });
    this.#options?.store.put(this.cells[0].found.path, this.#version, { segment: number, pieces });
    // Much that lies outside the heap, by which alone the collector would not be called.
    if (file.sizeBytes >= SEGMENT_BYTES / 2) collectYoung();
  }

  /** When it was read without trouble: all of it. */
  finish(): { readonly read: ReadFile; readonly slices: readonly Slice[] } {
    const slices = new SliceList();
    let whole: ReadFile = { sizeBytes: 0, mtimeNs: 0n, ctimeNs: 0n, changing: false, offset: 0 };
    for (let number = 0; number < this.#count; number++) {
      const segment = this.#read.get(number);
      if (!segment) {
        slices.add({ kind: "hole", length: SEGMENT_BYTES });
        whole = { ...whole, sizeBytes: whole.sizeBytes + SEGMENT_BYTES };
        continue;
      }
      const { file } = segment;
      for (const slice of segment.slices) slices.add(slice);
      const isShort = number < this.#count - 1 && file.sizeBytes < SEGMENT_BYTES;
      const isOther = whole.ctimeNs !== 0n && (file.mtimeNs !== whole.mtimeNs || file.ctimeNs !== whole.ctimeNs);
      const changing = whole.changing || file.changing || isShort || isOther;
      whole = { ...file, sizeBytes: whole.sizeBytes + file.sizeBytes, changing };
      if (isShort) break; // It became shorter; what was read behind is of another moment.
    }
    this.#options?.store.finish(this.cells[0].found.path, this.#version);
    return { read: whole, slices: slices.take() };
  }

  #known(number: number): KnownPieces | undefined {
    if (this.cells[0].found.sizeBytes > COMPARED_BYTES_MAX)
      return this.#load(number - NEAR_SEGMENTS, number + NEAR_SEGMENTS);
    this.#compared ??= { pieces: this.#load(0, Number.MAX_SAFE_INTEGER) };
    return this.#compared.pieces;
  }

  #load(from: number, to: number): KnownPieces | undefined {
    if (!this.#options) return undefined;
    const { store, isStored } = this.#options;
    const rows = store.find(this.cells[0].found.path, this.#version, from, to);
    const known = new KnownPieces(rows, SEGMENT_BYTES, isStored);
    return known.count > 0 ? known : undefined;
  }
}

export const notesPieces = (sizeBytes: number): boolean => sizeBytes >= PIECES_FROM_BYTES;
