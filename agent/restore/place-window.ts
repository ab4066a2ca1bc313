/**
 * Places what windows plan. A file is opened when its first bytes are there and gets its name when all are; what fails is reported and
 * removed, and the rest goes on. Only a full disk ends the run.
 */
import { HoldfastError } from "../../protocol/errors.ts";
import type { PartFile, Placed } from "../disk/part-file.ts";
import type { Target } from "../disk/place.ts";
import type { Entry } from "../model/entry.ts";
import type { ReadChunk } from "../vault/chunk-source.ts";
import type { FileJob, Special, Window } from "./plan.ts";
import type { Tally } from "./tally.ts";

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

  /** Writes a chunk to where it belongs. */
  take(window: Window, chunk: ReadChunk): void {
    for (const { job, position, offset, length } of window.piecesOf(chunk.id)) {
      if (job.isFailed) continue;
      if (chunk.error) {
        this.#fail(job, chunk.error);
        continue;
      }
      this.#attemptJob(job, () => {
        const part = this.#partOf(job);
        if (!part) return;
        const bytes = chunk.plain.subarray(offset, offset + length);
        if (bytes.length !== length) throw beyondChunk(chunk.id);
        part.writeAt(bytes, position);
        job.missing--;
        this.#finishWhole(job);
      });
    }
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

  #finishWhole(job: FileJob): void {
    if (!job.isPlanned || job.missing > 0) return;
    const part = this.#partOf(job);
    if (!part) return;
    this.#parts.delete(job);
    this.#unfinished.delete(job);
    this.#count(part.finish(), job.entry);
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
    this.#attempt(entry, () => this.#count(this.#target.special(entry.path, entry), entry));
  }

  /** `false`: there is nothing (any more) that it could be a name of. */
  #placeLink(entry: NotFolder): boolean {
    let isPlaced = true;
    this.#attempt(entry, () => {
      const placed = this.#target.link(entry.path, entry);
      if (placed) this.#count(placed, entry);
      else isPlaced = false;
    });
    return isPlaced;
  }

  #count(placed: Placed, entry: NotFolder): void {
    if (placed.kind === "kept") this.#tally.kept++;
    else if (entry.type === "file") {
      this.#tally.files++;
      this.#tally.bytes += entry.sizeBytes;
    } else this.#tally.others++;
    this.#tally.tell(entry.path);
  }

  #fail(job: FileJob, error: HoldfastError): void {
    job.isFailed = true;
    this.#drop(job);
    this.#tally.addProblem(job.entry.path, error);
  }

  #drop(job: FileJob): void {
    this.#parts.get(job)?.abandon();
    this.#parts.delete(job);
    this.#unfinished.delete(job);
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

const beyondChunk = (id: Buffer): HoldfastError =>
  new HoldfastError("chunk/corrupt", { chunk: id.toString("hex"), reason: "it is shorter than the catalog says" });
