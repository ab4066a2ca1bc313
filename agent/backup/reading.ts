/**
 * Reading and sending: takes cells in path order, groups small files into bundles (format §3.2), keeps the reading threads busy within bounds, and
 * settles the cells. What is stored is written to the local state as soon as the service has acknowledged it, so that a run that is cut goes on
 * where it was.
 */
import type { HoldfastError } from "../../protocol/errors.ts";
import type { Counters } from "../../protocol/messages/sessions.ts";
import { BundleCuts } from "../chunk/bundle-cuts.ts";
import type { CutHash } from "../chunk/cut-hash.ts";
import { pieceKey } from "../chunk/pieces.ts";
import { SPLIT_MIN_BYTES } from "../chunk/splitter.ts";
import { findOnDisk } from "../disk/found.ts";
import { PieceStore } from "../state/piece-store.ts";
import { FILE_ID_BYTES, PACKED_FILE_BYTES, PlaceTable } from "../state/place-table.ts";
import type { State } from "../state/state.ts";
import type { Cell } from "./cell.ts";
import type { ChangeTally } from "./change-tally.ts";
import type { Gate } from "./gate.ts";
import { InlineReader } from "./inline-reader.ts";
import type { Fate, KnownChunks } from "./known-chunks.ts";
import { LargeFile, notesPieces, type SegmentToRead } from "./large-file.ts";
import { NOTHING } from "./read-context.ts";
import { type FileTrouble, packFiles, type ReadJob, type ReadResult, type WorkerSettings } from "./read-job.ts";
import type { PackToSend } from "./sender.ts";
import { splitIds, WorkerPool, type WorkerPoolOptions } from "./worker-pool.ts";

/** Looking for equal content needs the whole table in memory, which isn't worth it for a handful of files. */
const LOOK_FROM_FILES = 256;

interface Job {
  readonly read: ReadJob;
  readonly cells: readonly Cell[];
  /** Of a bundle's files whose content is new. */
  readonly fileIds: Map<Cell, Buffer>;
  readonly fates: Fate[];
  /** Of what it is a part. */
  readonly large?: { readonly file: LargeFile; readonly segment: SegmentToRead };
}

/** Files with pieces that are looked after at the end of a run: those that are gone are forgotten. */
const SWEPT_FILES = 200;

export interface ReadingOptions {
  readonly settings: WorkerSettings;
  readonly threads: number;
  /** No thread is worth its start. */
  readonly isLittle: boolean;
  readonly state: State;
  /** Where the pieces of large files are noted; opened when there is one. */
  readonly piecesPath: string;
  readonly known: KnownChunks;
  readonly cutHash: CutHash;
  readonly counters: Counters;
  readonly tally: ChangeTally;
  readonly send: (pack: PackToSend) => void;
  /** Some cell may have become final. */
  readonly onSettled: () => void;
  readonly onFailure: (error: HoldfastError) => void;
  /** No job is begun while it is closed. */
  readonly gate: Gate;
}

export class Reading implements AsyncDisposable {
  readonly #options: ReadingOptions;
  readonly #pool: WorkerPool<Job> | InlineReader<Job>;
  readonly #ready: (Job | LargeFile)[] = [];
  readonly #open = new Set<Job>();
  /** Content on its way, by digest. */
  readonly #coming = new Map<string, Cell>();
  /** Bundles on their way: what they hold, for the state. */
  readonly #bundles = new Map<string, { files: Buffer; keys: readonly string[] }>();
  #places: PlaceTable | undefined;
  #pieces: PieceStore | undefined;
  #batch: Cell[] = [];
  readonly #cuts: BundleCuts;
  readonly #goingOn: Disposable;
  #smallFiles = 0;
  #isClosed = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#cuts = new BundleCuts(options.cutHash);
    const pool: WorkerPoolOptions<Job> = {
      settings: options.settings,
      threads: options.threads,
      answer: (job, about, ids, indexes) =>
        about === "files" ? this.#answerFiles(job, ids, indexes) : this.#answerChunks(job, ids),
      onPack: (pack) => options.send(pack),
      onDone: (job, result) => this.#finish(job, result),
      onFailure: options.onFailure,
    };
    this.#goingOn = options.gate.onChange(() => this.#dispatch());
    this.#pool = options.isLittle ? new InlineReader(pool) : new WorkerPool(pool);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#goingOn[Symbol.dispose]();
    await this.#pool[Symbol.asyncDispose]();
    this.#pieces?.sweep(isLargeFile, SWEPT_FILES);
    this.#pieces?.[Symbol.dispose]();
  }

  /** In path order. Look at `isBehind` between calls. */
  add(cell: Cell): void {
    if (this.#isClosed) {
      cell.isRefused = true;
      return;
    }
    const { sizeBytes } = cell.found;
    if (sizeBytes >= SPLIT_MIN_BYTES) {
      this.#queueLarge(cell);
      return;
    }
    if (this.#cuts.endsBefore(sizeBytes)) this.#endBatch();
    this.#batch.push(cell);
    if (this.#cuts.add(sizeBytes, baseName(cell.found.path))) this.#endBatch();
  }

  /** Jobs wait that no thread has begun: don't add more. */
  get isBehind(): boolean {
    return this.#ready.length > 0 && !this.#isClosed;
  }

  get isBusy(): boolean {
    return !this.#isClosed && (this.#ready.length > 0 || this.#open.size > 0);
  }

  /** What waits for company, files and chunks, goes on without. Hands packs to `send` only if no job is open. */
  async flush(): Promise<void> {
    this.#endBatch();
    if (!this.isBusy && !this.#isClosed) await this.#pool.flush();
  }

  /** The service has acknowledged a data pack. */
  stored(ids: readonly Buffer[]): void {
    this.#options.known.stored(ids);
    for (const id of ids) this.#keepBundle(id);
  }

  /** There is no room: nothing more is read; what is not stored will not be. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const cell of this.#batch) cell.isRefused = true;
    for (const job of [...this.#ready, ...this.#open])
      for (const cell of job.cells) if (!cell.read) cell.isRefused = true;
    this.#options.known.refuseAll();
    await this.#pool[Symbol.asyncDispose]();
    this.#pool.wake();
    this.#options.onSettled();
  }

  #endBatch(): void {
    if (this.#batch.length === 0) return;
    const cells = this.#batch;
    this.#batch = [];
    this.#cuts.restart();
    const read: ReadJob = { kind: "bundle", files: packFiles(cells.map(({ found }) => found)) };
    this.#ready.push({ read, cells, fileIds: new Map(), fates: [] });
    this.#dispatch();
  }

  #queueLarge(cell: Cell): void {
    this.#ready.push(new LargeFile(cell, notesPieces(cell.found.sizeBytes) ? this.#pieceOptions() : undefined));
    this.#dispatch();
  }

  #pieceOptions() {
    const { state, settings, piecesPath } = this.#options;
    this.#pieces ??= new PieceStore(piecesPath);
    const store = this.#pieces;
    return {
      store,
      pieceKey: pieceKey(settings.idKey, store.salt),
      isStored: (chunk: Buffer) => state.hasChunk(chunk),
    };
  }

  #dispatch(): void {
    while (this.#options.gate.isOpen && this.#pool.hasRoom && !this.#isClosed) {
      const job = this.#nextJob();
      if (!job) return;
      this.#open.add(job);
      this.#pool.run(job);
    }
  }

  /** A large file stays the first until all its segments are taken. */
  #nextJob(): Job | undefined {
    for (;;) {
      const first = this.#ready[0];
      if (!(first instanceof LargeFile)) return this.#ready.shift() as Job | undefined; // It is no large file.
      const job = first.hasMore ? jobOf(first) : undefined;
      if (!first.hasMore) this.#ready.shift();
      if (job) return job;
    }
  }

  #answerFiles(job: Job, ids: Buffer, indexes: readonly number[]): Uint8Array {
    const known = new Uint8Array(indexes.length);
    this.#smallFiles += indexes.length;
    if (this.#smallFiles >= LOOK_FROM_FILES) this.#places ??= PlaceTable.load(this.#options.state);
    for (const [position, index] of indexes.entries()) {
      const cell = job.cells[index];
      const id = Buffer.from(ids.subarray(position * FILE_ID_BYTES, (position + 1) * FILE_ID_BYTES));
      if (cell && this.#isKnown(cell, id)) known[position] = 1;
      else if (cell) {
        job.fileIds.set(cell, id);
        this.#coming.set(id.toString("latin1"), cell);
      }
    }
    return known;
  }

  #isKnown(cell: Cell, id: Buffer): boolean {
    const coming = this.#coming.get(id.toString("latin1"));
    if (coming) {
      cell.sameAs = coming;
      return true;
    }
    const place = this.#places?.find(id);
    if (!place || !this.#options.state.hasChunk(place.chunk)) return false;
    cell.slices = [{ kind: "chunk", ...place }];
    return true;
  }

  #answerChunks(job: Job, ids: Buffer): Uint8Array {
    const { known } = this.#options;
    return Uint8Array.from(splitIds(ids), (id) => {
      const claim = known.claim(id);
      if (claim === "stored") return 1;
      if (claim !== "new") job.fates.push(claim);
      else {
        const fate = known.fateOf(id);
        if (fate) job.fates.push(fate);
      }
      return claim === "new" ? 0 : 1;
    });
  }

  #finish(job: Job, result: ReadResult): void {
    this.#open.delete(job);
    if (this.#isClosed) return;
    this.#options.counters.bytesEncoded += result.encodedBytes;
    this.#options.tally.add(job.cells, result);
    if (job.large) this.#finishSegment(job.large, result);
    else this.#finishBundle(job, result);
    this.#dispatch();
    this.#options.onSettled();
  }

  #finishSegment({ file, segment }: NonNullable<Job["large"]>, result: ReadResult): void {
    const [cell] = file.cells;
    file.take(segment, result);
    if (!file.isRead) return;
    if (file.trouble) {
      if (this.#isReplaced(cell, file.trouble)) this.#queueLarge(cell);
      else this.#refuse(cell, file.trouble);
      return;
    }
    if (file.encodedBytes > 0) this.#options.counters.filesEncoded++;
    const { read, slices } = file.finish();
    cell.read = read;
    cell.slices = slices;
    cell.fates = file.fates;
  }

  #finishBundle(job: Job, result: ReadResult): void {
    for (const [index, cell] of job.cells.entries()) {
      const read = result.files[index];
      if (!read) continue;
      if (read.trouble === "again" || (read.trouble && this.#isReplaced(cell, read.trouble))) {
        this.#queueLarge(cell);
        continue;
      }
      if (read.trouble) this.#refuse(cell, read.trouble);
      else if (result.encodedBytes > 0 && read.offset >= 0) this.#options.counters.filesEncoded++;
      cell.read = read;
      if (read.trouble || read.sizeBytes === 0) continue;
      if (read.offset >= 0 && result.bundle) {
        cell.slices = [
          { kind: "chunk", chunk: Buffer.from(result.bundle), offset: read.offset, length: read.sizeBytes },
        ];
        cell.fates = job.fates;
      }
    }
    if (result.bundle) this.#noteBundle(Buffer.from(result.bundle), job);
  }

  #refuse(cell: Cell, trouble: FileTrouble): void {
    cell.trouble = trouble;
    cell.read = { ...NOTHING, trouble };
  }

  /** Programs write files anew and rename them over the old ones: what has the name now is read, once. */
  #isReplaced(cell: Cell, { code }: FileTrouble): boolean {
    if (cell.isReplaced || code !== "file/vanished") return false;
    try {
      const found = findOnDisk(cell.found.path);
      if (found?.type !== "file") return false;
      cell.found = found;
      cell.isReplaced = true;
      return true;
    } catch {
      return false; // What the first look said is told.
    }
  }

  #noteBundle(bundle: Buffer, job: Job): void {
    const files = Buffer.alloc(job.fileIds.size * PACKED_FILE_BYTES);
    let at = 0;
    for (const [cell, id] of job.fileIds) {
      at += id.copy(files, at);
      at = files.writeUInt32LE(cell.read?.offset ?? 0, at);
      at = files.writeUInt32LE(cell.read?.sizeBytes ?? 0, at);
    }
    this.#bundles.set(bundle.toString("latin1"), {
      files,
      keys: [...job.fileIds.values()].map((id) => id.toString("latin1")),
    });
    if (this.#options.known.fateOf(bundle) === undefined) this.#keepBundle(bundle);
  }

  /** A bundle is stored: its files can be found by their content from now on. */
  #keepBundle(id: Buffer): void {
    const key = id.toString("latin1");
    const bundle = this.#bundles.get(key);
    if (!bundle) return;
    this.#bundles.delete(key);
    this.#options.state.addBundle({ id, files: bundle.files });
    this.#places?.addBundle(id, bundle.files);
    for (const file of bundle.keys) this.#coming.delete(file);
  }
}

function jobOf(file: LargeFile): Job {
  const [cell] = file.cells;
  const segment = file.next();
  const read: ReadJob = { kind: "file", files: packFiles([cell.found]), segment: segment.segment };
  return { read, cells: file.cells, fileIds: new Map(), fates: file.fates, large: { file, segment } };
}

/** Whether it may still have pieces; what can't be looked at may. */
function isLargeFile(path: Buffer): boolean {
  try {
    const found = findOnDisk(path);
    return found?.type === "file" && notesPieces(found.sizeBytes);
  } catch {
    return true;
  }
}

const baseName = (path: Buffer): Buffer => path.subarray(path.lastIndexOf(0x2f) + 1);
