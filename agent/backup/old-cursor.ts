/**
 * Goes through the last catalog in path order, in the steps of whoever compares. Entries of a leaf are held back as long as nothing in it
 * differs, so that the leaf comes out whole; what is kept without a look comes out in pages as large as they are.
 */
import { comparePaths, isBefore, type Position } from "../model/path-order.ts";
import { type LastCatalog, type MarkedEntry, type StoredPage, unlessLost } from "../state/last-catalog.ts";
import type { Step } from "./merge.ts";

export interface OldCursorOptions {
  readonly last: Pick<LastCatalog, "top">;
  /** What lies below a lost page counts as unknown; without it, `LostPage` is thrown. */
  readonly mayLose: boolean;
}

export class OldCursor {
  readonly #mayLose: boolean;
  /** Pages whose turn is still to come, by level; the last of them is the deepest. */
  readonly #levels: { readonly pages: readonly StoredPage[]; next: number }[] = [];
  #page: StoredPage | undefined;
  #entries: readonly MarkedEntry[] = [];
  #next = 0;
  #isWhole = true;
  #files = 0;
  #steps: Step[] = [];
  /** In the leaves that were opened so far. */
  openedFiles = 0;
  /** What came out in pages that were not opened. */
  readonly keptUnread = { pages: 0, bytes: 0 };

  constructor({ last, mayLose }: OldCursorOptions) {
    this.#mayLose = mayLose;
    this.#levels.push({ pages: this.#try(() => [last.top()]) ?? [], next: 0 });
  }

  /** What has come out since the last call. */
  take(): readonly Step[] {
    if (this.#steps.length === 0) return NOTHING;
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  /** What lies before `until` is gone. */
  drop(until: Position): void {
    for (;;) {
      const old = this.#entry();
      if (old) {
        if (!isBefore(old.entry.path, until)) return;
        this.#spoil();
        this.#steps.push({ kind: "gone", old });
        this.#advance();
        continue;
      }
      const page = this.#nextPage();
      if (!page || !isBefore(page.firstPath, until)) return;
      this.#open();
    }
  }

  /** What lies before `until` stays as it is. */
  keep(until: Position): void {
    for (;;) {
      const old = this.#entry();
      if (old) {
        if (!isBefore(old.entry.path, until)) return;
        this.keepEntry(old);
        continue;
      }
      const page = this.#nextPage();
      if (!page || !isBefore(page.firstPath, until)) return;
      const after = this.#firstPathAfter();
      if (after ? reaches(until, after) : isEnd(until)) this.#keepPage(page);
      else this.#open();
    }
  }

  /** The entry that comes next, when its leaf is open. */
  get next(): MarkedEntry | undefined {
    return this.#entry();
  }

  /** The entry at `path`, if there is one; everything before it was dropped or kept. */
  at(path: Buffer): MarkedEntry | undefined {
    for (;;) {
      const old = this.#entry();
      if (old) return old.entry.path.equals(path) ? old : undefined;
      const page = this.#nextPage();
      if (!page || isBefore(path, { path: page.firstPath, side: "before" })) return undefined;
      this.#open();
    }
  }

  /** The entry at `path`, if there is one, stays as it is; what lies before it is gone. */
  keepAt(path: Buffer): void {
    this.drop({ path, side: "before" });
    const old = this.at(path);
    if (old) this.keepEntry(old);
  }

  /** The entry that `at` gave stays as it is. */
  keepEntry(old: MarkedEntry): void {
    if (!this.#isWhole) this.#steps.push({ kind: "kept", old });
    this.#advance();
  }

  /** Something else takes the place of the entry that `at` gave, or comes before the next one. */
  replace(step: Step & { kind: "changed" }): void {
    if (this.#page) this.#spoil();
    this.#steps.push(step);
    if (step.old) this.#advance();
  }

  #entry(): MarkedEntry | undefined {
    return this.#entries[this.#next];
  }

  #advance(): void {
    if (++this.#next < this.#entries.length) return;
    if (this.#page && this.#isWhole && this.#next > 0)
      this.#steps.push({ kind: "leaf", page: this.#page, files: this.#files });
    this.#page = undefined;
    this.#entries = [];
    this.#next = 0;
  }

  /** Something in the leaf differs: its entries go on one by one. */
  #spoil(): void {
    if (!this.#isWhole) return;
    this.#isWhole = false;
    for (let index = 0; index < this.#next; index++) {
      const old = this.#entries[index];
      if (old) this.#steps.push({ kind: "kept", old });
    }
  }

  #nextPage(): StoredPage | undefined {
    for (;;) {
      const level = this.#levels.at(-1);
      if (!level) return undefined;
      const page = level.pages[level.next];
      if (page) return page;
      this.#levels.pop();
    }
  }

  #firstPathAfter(): Buffer | undefined {
    for (let depth = this.#levels.length - 1; depth >= 0; depth--) {
      const level = this.#levels[depth];
      const page = level?.pages[level.next + (depth === this.#levels.length - 1 ? 1 : 0)];
      if (page) return page.firstPath;
    }
    return undefined;
  }

  #keepPage(page: StoredPage): void {
    this.#pass();
    this.#steps.push({ kind: "page", page });
    this.keptUnread.pages++;
    this.keptUnread.bytes += page.bytes;
  }

  /** The next page's turn is over. */
  #pass(): void {
    const level = this.#levels.at(-1);
    if (level) level.next++;
  }

  /** Call when no leaf is open and there is a next page. */
  #open(): void {
    const page = this.#nextPage();
    this.#pass();
    if (!page) return;
    if (page.level > 0) {
      const pages = this.#try(() => page.pages());
      if (pages) this.#levels.push({ pages, next: 0 });
      return;
    }
    const entries = this.#try(() => page.read());
    if (!entries || entries.length === 0) return;
    this.#page = page;
    this.#entries = entries;
    this.#next = 0;
    this.#isWhole = true;
    this.#files = 0;
    for (const { entry } of entries) if (entry.type === "file") this.#files++;
    this.openedFiles += this.#files;
  }

  #try<Value>(read: () => Value): Value | undefined {
    return this.#mayLose ? unlessLost(read) : read();
  }
}

/** Whether all that comes before `path` lies before `until`. */
const reaches = (until: Position, path: Buffer): boolean =>
  comparePaths(path, until.path) <= 0 || isBefore(path, until);

const isEnd = ({ path, side }: Position): boolean => side === "behind" && path.length === 0;

const NOTHING: readonly Step[] = [];
