/**
 * What to do next in a restore, decided without touching anything: entries are gathered into windows whose chunks are read together, each
 * once. A window is bounded in entries, chunks and files that must be open at the same time; a large file goes through several.
 */
import type { DeviceEntry, FileEntry, PlainEntry, Slice, SymlinkEntry } from "../model/entry.ts";

/** A file on its way. */
export interface FileJob {
  readonly entry: FileEntry;
  /** All of its pieces have been planned. */
  isPlanned: boolean;
  /** Pieces planned so far. */
  planned: number;
  /** Of these, not yet there. */
  missing: number;
  /** Pieces that threads are writing right now: the file must stay open. */
  writing: number;
  /** It lies in more than one chunk, so it stays open between them. */
  isMany: boolean;
  /** It was reported; nothing of it may be placed any more. */
  isFailed: boolean;
}

/** Where some bytes of a chunk go. */
export interface Piece {
  readonly job: FileJob;
  /** In the file. */
  readonly position: number;
  /** In the chunk. */
  readonly offset: number;
  readonly length: number;
}

export type Folder = PlainEntry & { readonly type: "folder" };
export type Special = SymlinkEntry | DeviceEntry | PlainEntry;

export interface WindowLimits {
  readonly entries: number;
  readonly chunks: number;
  /** Files in several chunks. */
  readonly openFiles: number;
}

export const RESTORE_LIMITS: WindowLimits = { entries: 5_000, chunks: 4096, openFiles: 256 };

export class Window {
  /** Everything in catalog order; `link` is a further name of what an earlier step restores. */
  readonly steps: (
    | { readonly kind: "folder"; readonly entry: Folder }
    | { readonly kind: "special"; readonly entry: Special }
    | { readonly kind: "link"; readonly entry: Special | FileEntry }
    | { readonly kind: "file"; readonly job: FileJob }
  )[] = [];
  readonly #pieces = new Map<string, Piece[]>();
  readonly #ids: Buffer[] = [];
  readonly #limits: WindowLimits;
  #open = 0;
  #planned = 0;
  /** The next window begins with it or with something after it; `undefined` at the end. */
  next: Buffer | undefined;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.steps.length === 0 && this.#ids.length === 0;
  }

  get isFull(): boolean {
    const { entries, chunks, openFiles } = this.#limits;
    return (
      this.steps.length >= entries ||
      this.#planned >= entries * 4 ||
      this.#ids.length >= chunks ||
      this.#open >= openFiles
    );
  }

  /** Distinct chunks in the order of their first use. */
  get chunks(): readonly Buffer[] {
    return this.#ids;
  }

  piecesOf(chunk: Buffer): readonly Piece[] {
    return this.#pieces.get(chunk.toString("latin1")) ?? [];
  }

  beginFile(entry: FileEntry): FileJob {
    const job: FileJob = {
      entry,
      isPlanned: false,
      planned: 0,
      missing: 0,
      writing: 0,
      isMany: false,
      isFailed: false,
    };
    this.steps.push({ kind: "file", job });
    return job;
  }

  /** `position`: where in the file the slice begins. */
  addSlice(job: FileJob, slice: Slice, position: number): void {
    if (slice.kind === "hole") return;
    if (job.missing > 0 && !job.isMany) {
      job.isMany = true;
      this.#open++;
    }
    job.planned++;
    job.missing++;
    this.#planned++;
    const name = slice.chunk.toString("latin1");
    const piece = { job, position, offset: slice.offset, length: slice.length };
    const known = this.#pieces.get(name);
    if (known) known.push(piece);
    else {
      this.#pieces.set(name, [piece]);
      this.#ids.push(slice.chunk);
    }
  }
}
