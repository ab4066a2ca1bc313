/**
 * Entries wait here in path order until their content is final, then go into the catalog. What could not be read or sent is told as a
 * problem; its last known version stays in the catalog, so that a locked file does not fall out of the history.
 */
import { HoldfastError } from "../../protocol/errors.ts";
import type { Counters } from "../../protocol/messages/sessions.ts";
import { shownPath } from "../disk/disk-path.ts";
import type { Found } from "../disk/found.ts";
import { type Described, timeOf } from "../disk/read-metadata.ts";
import type { Content, Entry, Slice } from "../model/entry.ts";
import { SLICES_MAX } from "../model/entry-codec.ts";
import type { StoredPage } from "../state/last-catalog.ts";
import type { BuiltCatalog, CatalogBuilder } from "../vault/catalog-builder.ts";
import { type Cell, MISSING, outcomeOf } from "./cell.ts";
import { isUnchanged, markOf, NO_MARK } from "./mark.ts";

type Slot =
  | { readonly kind: "page"; readonly page: StoredPage; readonly files: number; readonly weight: 1 }
  | { readonly kind: "entry"; readonly entry: Entry; readonly mark: Buffer; readonly weight: 1 }
  | {
      readonly kind: "file";
      readonly described: Described & { type: "file" };
      readonly cell: Cell;
      readonly weight: 1;
    };

export interface CatalogQueueOptions {
  readonly builder: CatalogBuilder;
  readonly putLists: (slices: readonly Slice[]) => Buffer;
  readonly scanStartNs: bigint;
  readonly counters: Counters;
  /** Has a cell read after all. */
  readonly readItself: (cell: Cell) => void;
  readonly onProblem: (error: HoldfastError, path: Buffer) => void;
}

/** Entries that wait, with what belongs to them: about 15 MB when all are new files with names of ordinary length. */
const WEIGHT_MAX = 16_384;

export class CatalogQueue {
  readonly #options: CatalogQueueOptions;
  #slots: Slot[] = [];
  #next = 0;
  #weight = 0;
  /** What is in the catalog so far. */
  readonly done = { files: 0, bytes: 0 };

  constructor(options: CatalogQueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#next === this.#slots.length;
  }

  get isHalfFull(): boolean {
    return this.#weight <= WEIGHT_MAX / 2;
  }

  get isFull(): boolean {
    return this.#weight >= WEIGHT_MAX;
  }

  /** A page without a change; `files` of its entries are counted here. */
  addPage(page: StoredPage, files: number): void {
    this.#add({ kind: "page", page, files, weight: 1 });
  }

  addEntry(entry: Entry, mark: Buffer): void {
    this.#add({ kind: "entry", entry, mark, weight: 1 });
  }

  addFile(described: Described & { type: "file" }, cell: Cell): void {
    this.#add({ kind: "file", described, cell, weight: 1 });
  }

  /** Moves what is final at the front into the catalog. */
  drain(): void {
    for (;;) {
      const slot = this.#slots[this.#next];
      if (!slot || !this.#take(slot)) break;
      this.#weight -= slot.weight;
      this.#next++;
    }
    if (this.#next > 4096 && this.#next * 2 > this.#slots.length) {
      this.#slots = this.#slots.slice(this.#next);
      this.#next = 0;
    }
  }

  /** Call when the queue is empty. */
  finish(): BuiltCatalog {
    return this.#options.builder.finish();
  }

  #add(slot: Slot): void {
    this.#slots.push(slot);
    this.#weight += slot.weight;
  }

  #addEntry(entry: Entry, mark: Buffer): void {
    this.#options.builder.add(entry, mark);
    if (entry.type === "file") this.#count(1, entry.sizeBytes);
  }

  #count(files: number, bytes: number): void {
    this.done.files += files;
    this.done.bytes += bytes;
  }

  /** False when it has to wait. */
  #take(slot: Slot): boolean {
    const { builder } = this.#options;
    switch (slot.kind) {
      case "page":
        builder.addPage(slot.page);
        this.#count(slot.files, slot.page.bytes);
        return true;
      case "entry":
        this.#addEntry(slot.entry, slot.mark);
        return true;
      case "file":
        if (!this.#takeFile(slot.described, slot.cell)) return false;
        return true;
    }
  }

  #takeFile(described: Described & { type: "file" }, cell: Cell): boolean {
    const { counters, onProblem } = this.#options;
    const outcome = outcomeOf(cell);
    const { path } = cell.found;
    switch (outcome.kind) {
      case "waiting":
        return false;
      case "refused":
        // It was only to be stored again in another place (sweep.ts).
        if (cell.old && isUnchanged(cell.found, cell.old)) {
          this.#addEntry(cell.old.entry, cell.old.mark);
          return true;
        }
        onProblem(new HoldfastError("file/not-sent", { path: shownPath(path) }), path);
        if (cell.old) this.#addEntry(cell.old.entry, NO_MARK);
        return true;
      case "trouble":
        if (outcome.trouble.code === "file/vanished" && cell.linkOf) {
          // The name that was read for all of its links is gone; this one may be there still.
          cell.linkOf = undefined;
          this.#options.readItself(cell);
          return false;
        }
        onProblem(new HoldfastError(outcome.trouble.code, outcome.trouble.data), path);
        if (outcome.trouble.code === "file/vanished") return true;
        if (cell.old?.entry.type === "file") this.#addEntry(cell.old.entry, NO_MARK);
        else this.#addEntry({ ...described, content: MISSING, changing: false }, NO_MARK);
        return true;
      case "content": {
        if (outcome.isNew) counters.filesTransferred++;
        const read = cell.read ?? cell.linkOf?.read;
        const changing = (read?.changing ?? false) || cell.isReplaced;
        if (changing) onProblem(new HoldfastError("file/changing", { path: shownPath(path) }), path);
        const facts: Pick<Found, "mtimeNs" | "ctimeNs" | "ino"> = {
          ...cell.found,
          ...(read && { mtimeNs: read.mtimeNs, ctimeNs: read.ctimeNs }),
        };
        const sizeBytes = read?.sizeBytes ?? described.sizeBytes;
        const entry: Entry = {
          ...described,
          ...timeOf(facts),
          sizeBytes,
          content: this.#content(outcome.slices),
          changing,
        };
        this.#addEntry(entry, changing ? NO_MARK : markOf(facts, this.#options.scanStartNs));
        return true;
      }
    }
  }

  #content(slices: readonly Slice[]): Content {
    return slices.length > SLICES_MAX
      ? { kind: "list", list: this.#options.putLists(slices) }
      : { kind: "slices", slices };
  }
}
