/**
 * Places what windows plan. A file is opened when its first bytes are there and gets its name when all are; what fails is reported and
 * removed, and the rest goes on. Only a full disk ends the run.
 */
import { type ErrorBody, fromErrorBody, HoldfastError } from "../../protocol/errors.ts";
import { isSafe } from "../disk/guard.ts";
import type { PartFile } from "../disk/part-file.ts";
import type { Target } from "../disk/place.ts";
import type { Entry } from "../model/entry.ts";
import type { RangeDone } from "../vault/range-job.ts";
import { PieceWriter } from "./piece-codec.ts";
import type { FileJob, Piece, Special, Window } from "./plan.ts";
import type { PiecesTaken } from "./take-pieces.ts";
import type { Tally } from "./tally.ts";

/** Pieces on their way to a thread, in order. */
export interface Handed {
  readonly work: Uint8Array;
  readonly pieces: readonly { readonly piece: Piece; readonly chunk: number; readonly isWhole: boolean }[];
}

type NotFolder = Exclude<Entry, { type: "folder" }>;

export class Placing {
  readonly #target: Target;
  readonly #tally: Tally;
  readonly #parts = new Map<FileJob, PartFile>();
  /** Begun in some window and not yet placed. */
  readonly #unfinished = new Set<FileJob>();
  /** Further names that wait for the first one, which is still on its way. */
  #waiting: NotFolder[] = [];

  constructor(target: Target, tally: Tally) {
    this.#target = target;
    this.#tally = tally;
  }

  /** Whether something is still to be placed in folders that were passed. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  /** Folders, and files that need no bytes. */
  begin(window: Window): void {
    for (const step of window.steps) {
      if (step.kind === "folder") {
        this.#attempt(step.entry, () => {
          this.#target.folder(step.entry.path, step.entry);
          this.#tally.folders++;
        });
      } else if (step.kind === "file") this.#unfinished.add(step.job);
    }
    this.#settle();
  }

  /** What is to be done with these chunks; `undefined` when nothing. Files in several chunks are opened here, the others by whoever has their bytes. */
  hand(window: Window, chunks: readonly Buffer[]): Handed | undefined {
    const out = new PieceWriter();
    const handed: { piece: Piece; chunk: number; isWhole: boolean }[] = [];
    for (const [chunk, id] of chunks.entries()) {
      const pieces = window.piecesOf(id).filter((piece) => this.#isReady(piece));
      out.beginChunk(pieces.length);
      for (const piece of pieces) {
        const { job, position, offset, length } = piece;
        const part = this.#parts.get(job);
        if (part) {
          job.writing++;
          out.part({ fd: part.descriptor, position, offset, length });
        } else out.whole(job.entry, { owner: this.#target.ownerOf(job.entry), position, offset, length });
        handed.push({ piece, chunk, isWhole: !part });
      }
    }
    return handed.length > 0 ? { work: out.take(), pieces: handed } : undefined;
  }

  /** What became of it. */
  taken({ pieces }: Handed, { errors, result }: RangeDone): void {
    const { kept, failed, problems } = result as PiecesTaken; // Whoever does the work says so (`take-pieces.ts`).
    for (const { isWhole, piece } of pieces) if (!isWhole) piece.job.writing--;
    const keptOnes = new Set(kept);
    const failures = new Map(failed.map(({ piece, error }) => [piece, error]));
    const lost = new Map(errors.map(({ chunk, error }) => [chunk, error]));
    for (const { piece, error } of problems) {
      const entry = pieces[piece]?.piece.job.entry;
      if (entry) this.#tally.addProblem(entry.path, fromErrorBody(error));
    }
    for (const [at, { piece, chunk, isWhole }] of pieces.entries()) {
      const error = lost.get(chunk) ?? failures.get(at);
      if (error) this.#failed(piece.job, error);
      else if (isWhole) this.#placed(piece.job, keptOnes.has(at));
      else this.#written(piece.job);
    }
  }

  /** The chunk can't be had. */
  lost(window: Window, chunk: Buffer): void {
    const error = new HoldfastError("chunk/lost", { chunk: chunk.toString("hex") });
    for (const { job } of window.piecesOf(chunk)) if (!job.isFailed) this.#fail(job, error);
  }

  /** Further names and specials, links last; gives what must be restored by itself after all. */
  end(window: Window): NotFolder[] {
    this.#settle();
    for (const step of window.steps) if (step.kind === "special") this.#placeSpecial(step.entry);
    for (const step of window.steps) if (step.kind === "link") this.#waiting.push(step.entry);
    const busy = new Set([...this.#unfinished].flatMap(({ entry }) => groupOf(entry) ?? []));
    const alone: NotFolder[] = [];
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const entry of waiting) {
      if (busy.has(groupOf(entry) ?? "")) this.#waiting.push(entry);
      else if (!this.#placeLink(entry)) alone.push(entry);
    }
    return alone;
  }

  /** After the last window. */
  finish(): void {
    this.#settle();
  }

  /** Files that were planned to their ends since their last bytes came. */
  #settle(): void {
    for (const job of this.#unfinished) {
      if (job.isFailed) this.#drop(job);
      else this.#attemptJob(job, () => this.#finishWhole(job));
    }
  }

  /** Opens the file when it takes more than this piece; `false`: nothing of it is to be placed. */
  #isReady({ job, position, length }: Piece): boolean {
    if (job.isFailed) return false;
    if (!isSafe(job.entry.path)) {
      this.#fail(job, new HoldfastError("restore/unsafe", { path: job.entry.path.toString() }));
      return false;
    }
    if (job.isPlanned && job.planned === 1 && !job.entry.linkGroup) return true;
    this.#attemptJob(job, () => this.#partOf(job)?.claim(position, length));
    return !job.isFailed;
  }

  #placed(job: FileJob, isKept: boolean): void {
    job.missing--;
    this.#unfinished.delete(job);
    this.#tally.count(isKept ? { kind: "kept" } : { kind: "placed", path: job.entry.path }, job.entry);
  }

  #written(job: FileJob): void {
    job.missing--;
    if (job.isFailed) this.#drop(job);
    else this.#attemptJob(job, () => this.#finishWhole(job));
  }

  #failed(job: FileJob, body: ErrorBody): void {
    const path = body.data?.path === "" ? { path: this.#target.shown(job.entry.path) } : {};
    const error = ownTrouble(fromErrorBody({ ...body, data: { ...body.data, ...path } }));
    if (job.isFailed) this.#drop(job);
    else this.#fail(job, error);
  }

  #finishWhole(job: FileJob): void {
    if (!job.isPlanned || job.missing > 0 || job.writing > 0) return;
    const part = this.#partOf(job);
    if (!part) return;
    this.#parts.delete(job);
    this.#unfinished.delete(job);
    this.#tally.count(part.finish(), job.entry);
  }

  /** `undefined`: what has the name is kept. */
  #partOf(job: FileJob): PartFile | undefined {
    const open = this.#parts.get(job);
    if (open) return open;
    const part = this.#target.file(job.entry.path, job.entry);
    if (part) {
      this.#parts.set(job, part);
      return part;
    }
    this.#tally.kept++;
    job.isFailed = true;
    this.#drop(job);
    return undefined;
  }

  #placeSpecial(entry: Special): void {
    this.#attempt(entry, () => this.#tally.count(this.#target.special(entry.path, entry), entry));
  }

  /** `false`: there is nothing (any more) that it could be a name of. */
  #placeLink(entry: NotFolder): boolean {
    let isPlaced = true;
    this.#attempt(entry, () => {
      const placed = this.#target.link(entry.path, entry);
      if (placed) this.#tally.count(placed, entry);
      else isPlaced = false;
    });
    return isPlaced;
  }

  #fail(job: FileJob, error: HoldfastError): void {
    job.isFailed = true;
    this.#drop(job);
    this.#tally.addProblem(job.entry.path, error);
  }

  /** Not while a thread writes: the number of a closed file may soon be another file's. */
  #drop(job: FileJob): void {
    this.#unfinished.delete(job);
    if (job.writing > 0) return;
    this.#parts.get(job)?.abandon();
    this.#parts.delete(job);
  }

  #attemptJob(job: FileJob, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(job, ownTrouble(error));
    }
  }

  #attempt(entry: Entry, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#tally.addProblem(entry.path, ownTrouble(error));
    }
  }
}

const groupOf = (entry: Entry): string | undefined => entry.linkGroup?.toString("latin1");

/** Trouble of one file; all else ends the run. */
function ownTrouble(error: unknown): HoldfastError {
  if (error instanceof HoldfastError && error.code !== "disk/full" && error.kind !== "bug") return error;
  throw error;
}
