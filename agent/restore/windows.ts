/** Turns the entries of a selection into windows, in catalog order. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { Entry, FileEntry, Slice } from "../model/entry.ts";
import { isDamage } from "../vault/page-reader.ts";
import { type FileJob, Window, type WindowLimits } from "./plan.ts";

export interface WindowsOptions {
  readonly limits: WindowLimits;
  /** The slices of a file, in order. */
  readonly slices: (file: FileEntry) => AsyncIterable<readonly Slice[]>;
  /** Asked for everything but folders; `false` leaves it out. */
  readonly isWanted: (entry: Entry) => boolean;
  /** Its content can't be known. */
  readonly onFailed: (entry: FileEntry, error: HoldfastError) => void;
}

export class Windows {
  /** What could not be a further name after all is restored by itself. Filled by whoever takes the windows. */
  readonly again: Exclude<Entry, { type: "folder" }>[] = [];
  readonly #options: WindowsOptions;
  /** Link groups of which a first name was planned: some 60 bytes each. */
  readonly #groups = new Set<string>();
  #window: Window;

  constructor(options: WindowsOptions) {
    this.#options = options;
    this.#window = new Window(options.limits);
  }

  async *of(batches: AsyncIterable<readonly Entry[]>): AsyncGenerator<Window> {
    yield* this.planned(batches);
    yield* this.rest();
  }

  /** May be asked for the next window while the last one is still worked at; then `rest` gives what came into `again` since. */
  async *planned(batches: AsyncIterable<readonly Entry[]>): AsyncGenerator<Window> {
    for await (const batch of batches) {
      for (const entry of batch) {
        if (this.#window.isFull) yield* this.#give(entry.path);
        if (entry.type === "folder") this.#window.steps.push({ kind: "folder", entry: { ...entry, type: "folder" } });
        else if (this.#options.isWanted(entry)) yield* this.#plan(entry, this.#isFurtherName(entry));
      }
    }
    if (!this.#window.isEmpty) yield* this.#give(undefined);
  }

  async *rest(): AsyncGenerator<Window> {
    while (!this.#window.isEmpty || this.again.length > 0) yield* this.#give(undefined);
  }

  async *#plan(entry: Exclude<Entry, { type: "folder" }>, isFurtherName: boolean): AsyncGenerator<Window> {
    if (isFurtherName) this.#window.steps.push({ kind: "link", entry });
    else if (entry.type === "file") yield* this.#planFile(entry);
    else this.#window.steps.push({ kind: "special", entry });
  }

  async *#planFile(entry: FileEntry): AsyncGenerator<Window> {
    if (entry.content.kind === "missing") {
      this.#options.onFailed(entry, new HoldfastError("restore/no-content", { path: `/${entry.path}` }));
      return;
    }
    const job: FileJob = this.#window.beginFile(entry);
    let position = 0;
    try {
      for await (const slices of this.#options.slices(entry)) {
        for (const slice of slices) {
          // Of a file that is open already there is one, so a full window can't stay full.
          if (this.#window.isFull) yield* this.#give(entry.path);
          this.#window.addSlice(job, slice, position);
          position += slice.length;
        }
      }
      job.isPlanned = true;
    } catch (error) {
      if (!isDamage(error)) throw error;
      job.isFailed = true;
      this.#options.onFailed(entry, error);
    }
  }

  async *#give(next: Buffer | undefined): AsyncGenerator<Window> {
    const window = this.#window;
    window.next = next;
    this.#window = new Window(this.#options.limits);
    yield window;
    const regrouped = new Set<string>();
    for (const entry of this.again.splice(0)) {
      const group = groupOf(entry);
      const isFurtherName = group !== undefined && regrouped.has(group);
      if (group !== undefined) regrouped.add(group);
      yield* this.#plan(entry, isFurtherName);
    }
  }

  #isFurtherName(entry: Entry): boolean {
    const group = groupOf(entry);
    if (group === undefined) return false;
    if (this.#groups.has(group)) return true;
    this.#groups.add(group);
    return false;
  }
}

const groupOf = (entry: Entry): string | undefined => entry.linkGroup?.toString("latin1");
