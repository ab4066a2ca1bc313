/** The last catalog as the local state holds it, page by page: what nobody asks for is not read. */
import type { Entry } from "../model/entry.ts";
import { decodePage, type PageChild } from "../model/page.ts";
import { comparePaths, isWithin } from "../model/path-order.ts";
import type { State } from "./state.ts";

export const MARK_BYTES = 16;

export interface MarkedEntry {
  readonly entry: Entry;
  readonly mark: Buffer;
}

/** All but `level`, `isLast` and what the page's parent says of it is read when it is asked for; then `LostPage` may be thrown. */
export interface StoredPage extends PageChild {
  readonly level: number;
  /** Nothing came after it. */
  readonly isLast: boolean;
  plain(): Buffer;
  /** The pages below it; of parents. */
  pages(): readonly StoredPage[];
  /** Of leaves. Decodes it: a page may wait long in memory. */
  read(): readonly MarkedEntry[];
}

/** The state lacks a page, or it is not what its name says. */
export class LostPage extends Error {}

export interface StoredLeaf {
  readonly page: Buffer;
  readonly plain: Buffer;
  /** 16 bytes for each entry. */
  readonly marks: Buffer;
}

/** Names a page by its content. */
export type PageNamer = (plain: Buffer) => Buffer;

/** Decoded parents that are held. */
const PARENTS_HELD = 64;

export interface LastCatalogOptions {
  readonly state: State;
  readonly root: Buffer;
  readonly namePage: PageNamer;
  /** Decoded leaves that are held, about half a megabyte each: whoever looks for one entry often looks for its neighbour next. */
  readonly leavesHeld: number;
}

export class LastCatalog {
  readonly #state: State;
  readonly #namePage: PageNamer;
  readonly #root: Buffer;
  readonly #leaves = new Map<string, readonly MarkedEntry[]>();
  readonly #parents = new Map<string, readonly PageChild[]>();
  readonly #opened = new Set<string>();
  readonly #leavesHeld: number;

  constructor(options: LastCatalogOptions) {
    this.#leavesHeld = options.leavesHeld;
    this.#state = options.state;
    this.#namePage = options.namePage;
    this.#root = options.root;
  }

  /** Pages that were opened on the way through what `top` gave last, as Latin-1: what takes their place is made anew. */
  get opened(): ReadonlySet<string> {
    return this.#opened;
  }

  /** For going through all of it. Throws `LostPage`. */
  top(): StoredPage {
    this.#opened.clear();
    return this.#page({ firstPath: Buffer.alloc(0), page: this.#root, entries: 0, bytes: 0 }, this.#level(), true);
  }

  /** One page of each level is read. Throws `LostPage`. */
  find(path: Buffer): MarkedEntry | undefined {
    let id = this.#root;
    for (let level = this.#level(); level > 0; level--) {
      const child = this.#children(id).findLast(({ firstPath }) => comparePaths(firstPath, path) <= 0);
      if (!child) return undefined;
      id = child.page;
    }
    const entries = this.#entries(id);
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = entries[middle];
      if (found && comparePaths(found.entry.path, path) < 0) low = middle + 1;
      else high = middle;
    }
    const found = entries[low];
    return found?.entry.path.equals(path) ? found : undefined;
  }

  /** Whether anything lies below the folder. Throws `LostPage`. */
  hasBelow(folder: Buffer): boolean {
    let id = this.#root;
    let next: Buffer | undefined;
    for (let level = this.#level(); level > 0; level--) {
      const children = this.#children(id);
      const at = children.findLastIndex(({ firstPath }) => comparePaths(firstPath, folder) <= 0);
      next = children[at + 1]?.firstPath ?? next;
      if (at < 0) break;
      id = children[at]?.page ?? id;
    }
    const isLeaf = this.findPage(id).plain[5] === 0;
    const after = isLeaf ? this.#entries(id).find(({ entry }) => comparePaths(entry.path, folder) > 0) : undefined;
    const path = after?.entry.path ?? next;
    return path !== undefined && isWithin(path, folder);
  }

  /** Every leaf, in order; with `mayLose` without what is lost, else `LostPage` is thrown. `opened` does not count them. */
  *leaves({ mayLose }: { readonly mayLose: boolean }): Generator<StoredLeaf> {
    yield* this.#leavesBelow(this.#root, mayLose);
  }

  /** Throws `LostPage`. */
  entriesOf(leaf: Buffer): readonly MarkedEntry[] {
    return this.#entries(leaf);
  }

  *#leavesBelow(id: Buffer, mayLose: boolean): Generator<StoredLeaf> {
    const read = () => {
      const stored = this.findPage(id);
      return { ...stored, children: stored.plain[5] === 0 ? undefined : this.#children(id) };
    };
    const page = mayLose ? unlessLost(read) : read();
    if (!page) return;
    if (page.children) for (const child of page.children) yield* this.#leavesBelow(child.page, mayLose);
    else yield { page: id, plain: page.plain, marks: page.marks };
  }

  /** Throws `LostPage`: a disk that has altered an offset here would otherwise get another file's bytes into the next snapshot. */
  findPage(id: Buffer): { readonly plain: Buffer; readonly marks: Buffer } {
    const stored = this.#state.findPage(id);
    if (!stored || !this.#namePage(stored.plain).equals(id)) throw new LostPage("a page of the last catalog is lost");
    return stored;
  }

  #level(): number {
    return this.findPage(this.#root).plain[5] ?? 0;
  }

  #page(child: PageChild, level: number, isLast: boolean): StoredPage {
    const open = () => this.#opened.add(child.page.toString("latin1"));
    return {
      ...child,
      level,
      isLast,
      plain: () => this.findPage(child.page).plain,
      pages: () => {
        const children = this.#children(child.page);
        open();
        return children.map((each, index) => this.#page(each, level - 1, isLast && index === children.length - 1));
      },
      read: () => {
        const entries = this.#entries(child.page);
        open();
        return entries;
      },
    };
  }

  #children(id: Buffer): readonly PageChild[] {
    return held(this.#parents, PARENTS_HELD, id, () => {
      const page = decodePage(this.findPage(id).plain);
      if (!("children" in page)) throw new LostPage("a page has another level than its parent says");
      return page.children;
    });
  }

  #entries(id: Buffer): readonly MarkedEntry[] {
    return held(this.#leaves, this.#leavesHeld, id, () => {
      const { plain, marks } = this.findPage(id);
      const page = decodePage(plain);
      if (!("entries" in page)) throw new LostPage("a page has another level than its parent says");
      return page.entries.map((entry, index) => ({
        entry,
        mark: marks.subarray(index * MARK_BYTES, (index + 1) * MARK_BYTES),
      }));
    });
  }
}

/** `undefined` when `read` needs a page that is lost. */
export function unlessLost<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof LostPage) return undefined;
    throw error;
  }
}

function held<Value>(values: Map<string, Value>, countMax: number, id: Buffer, read: () => Value): Value {
  const key = id.toString("latin1");
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = read();
  const [oldest] = values.keys();
  if (oldest !== undefined && values.size >= countMax) values.delete(oldest);
  values.set(key, value);
  return value;
}
