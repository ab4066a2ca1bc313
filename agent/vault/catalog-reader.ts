/**
 * The entries of a snapshot in path order, page by page, reading only the pages that are asked for. At most 32 encoded pages per level
 * (about 5 MB of leaves) are held. Order is checked throughout: what a catalog says can't make a reader loop or place one path twice.
 */
import { HoldfastError } from "../../protocol/errors.ts";
import type { Entry } from "../model/entry.ts";
import type { Page, PageChild } from "../model/page.ts";
import { comparePaths, isWithin } from "../model/path-order.ts";
import type { PageReader } from "./page-reader.ts";

/** Part of a catalog that can't be read: paths from `from` on and before `to`; `undefined` is the end. */
export interface Damage {
  readonly from: Buffer;
  readonly to: Buffer | undefined;
  readonly error: HoldfastError;
}

/** For people: damage has no single path. */
export const shownRange = (from: Buffer, to: Buffer | undefined): string =>
  from.length === 0 && !to ? "/ (everything)" : `/${from} … ${to ? `before /${to}` : "to the end"}`;

export interface WalkOptions {
  /** Leaves out pages that hold only paths from `from` on and before `to`; asked again when one is reached. */
  readonly isSkipped?: (page: PageRange) => boolean;
  /** Without it, damage is thrown. */
  readonly onDamage?: ((damage: Damage) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PageRange {
  readonly id: Buffer;
  /** Empty only for the root. */
  readonly from: Buffer;
  readonly to: Buffer | undefined;
}

export interface Leaf extends PageRange {
  readonly entries: readonly Entry[];
}

interface PageRef extends PageRange {
  /** `undefined`: any, for the root. */
  readonly level: number | undefined;
}

const PAGES_TOGETHER_MAX = 32;

export class CatalogReader {
  readonly root: Buffer;
  readonly pages: PageReader;

  constructor(pages: PageReader, root: Buffer) {
    this.pages = pages;
    this.root = root;
  }

  /** Leaf by leaf. */
  async *leaves(options: WalkOptions = {}): AsyncGenerator<Leaf> {
    yield* this.#walk([rootRef(this.root)], options);
  }

  /** Entries at and below `within`, in batches; everything without it. */
  async *entries(options: WalkOptions & { within?: readonly Buffer[] } = {}): AsyncGenerator<readonly Entry[]> {
    const { within } = options;
    if (!within) {
      for await (const { entries } of this.leaves(options)) yield entries;
      return;
    }
    const isSkipped = (page: PageRange) =>
      !within.some((folder) => reaches(page, folder)) || (options.isSkipped?.(page) ?? false);
    for await (const { entries } of this.leaves({ ...options, isSkipped })) {
      const wanted = entries.filter(({ path }) => within.some((folder) => isWithin(path, folder)));
      if (wanted.length > 0) yield wanted;
    }
  }

  /** What lies directly in `folder`, without what is below that; an empty path is the top. */
  async *folder(folder: Buffer, options: WalkOptions = {}): AsyncGenerator<readonly Entry[]> {
    let last: Buffer | undefined;
    const isBelowLast = (path: Buffer | undefined) => last !== undefined && path !== undefined && isWithin(path, last);
    const isSkipped = (page: PageRange) =>
      !reaches(page, folder) ||
      (isBelowLast(page.from) && isBelowLast(page.to)) ||
      (options.isSkipped?.(page) ?? false);
    for await (const { entries } of this.leaves({ ...options, isSkipped })) {
      const found: Entry[] = [];
      for (const entry of entries) {
        if (!isWithin(entry.path, folder) || entry.path.length === folder.length || isBelowLast(entry.path)) continue;
        found.push(entry);
        last = entry.path;
      }
      if (found.length > 0) yield found;
    }
  }

  /** One page per level is read. */
  async find(path: Buffer, signal?: AbortSignal): Promise<Entry | undefined> {
    let page = checked(await this.pages.get(this.root, signal), rootRef(this.root));
    for (;;) {
      if (!("children" in page)) return page.entries.find((entry) => entry.path.equals(path));
      const ref = refs(page, undefined).findLast(({ from }) => comparePaths(from, path) <= 0);
      if (!ref) return undefined;
      page = checked(await this.pages.get(ref.id, signal), ref);
    }
  }

  async *#walk(refsHere: readonly PageRef[], options: WalkOptions): AsyncGenerator<Leaf> {
    let together = 1;
    for (let at = 0; at < refsHere.length; ) {
      options.signal?.throwIfAborted();
      const group: PageRef[] = [];
      for (; at < refsHere.length && group.length < together; at++) {
        const ref = refsHere[at];
        if (ref && !options.isSkipped?.(ref)) group.push(ref);
      }
      together = Math.min(together * 2, PAGES_TOGETHER_MAX);
      yield* this.#visit(group, options);
    }
  }

  async *#visit(group: readonly PageRef[], options: WalkOptions): AsyncGenerator<Leaf> {
    const queue = [...group];
    const ids = group.map(({ id }) => id);
    for await (const read of this.pages.read(ids, options.signal)) {
      const ref = queue.shift();
      if (!ref || options.isSkipped?.(ref)) continue;
      const page = read.error ?? checkedOrError(read.page, ref);
      if (page instanceof HoldfastError) {
        if (!options.onDamage) throw page;
        options.onDamage({ from: ref.from, to: ref.to, error: page });
      } else if ("entries" in page) yield { ...ref, entries: page.entries };
      else yield* this.#walk(refs(page, ref.to), options);
    }
  }
}

const rootRef = (id: Buffer): PageRef => ({ id, from: Buffer.alloc(0), to: undefined, level: undefined });

/** Whether a page may hold paths at or below `folder`. */
export const reaches = ({ from, to }: PageRange, folder: Buffer): boolean =>
  (isWithin(from, folder) || comparePaths(from, folder) <= 0) && (to === undefined || comparePaths(to, folder) > 0);

function refs(page: Extract<Page, { children: unknown }>, to: Buffer | undefined): PageRef[] {
  return page.children.map((child: PageChild, index) => ({
    id: child.page,
    from: child.firstPath,
    to: page.children[index + 1]?.firstPath ?? to,
    level: page.level - 1,
  }));
}

function checkedOrError(page: Page, ref: PageRef): Page | HoldfastError {
  try {
    return checked(page, ref);
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
}

/** The page lies where its parent says. Within a page, order was checked when it was decoded. */
function checked(page: Page, ref: PageRef): Page {
  const fail = (reason: string): never => {
    throw new HoldfastError("format/malformed", { structure: "catalog", reason });
  };
  if (ref.level === undefined) return page;
  if (page.level !== ref.level) fail("a page has another level than its parent says");
  const paths =
    "children" in page ? page.children.map((child) => child.firstPath) : page.entries.map(({ path }) => path);
  const [first] = paths;
  const last = paths.at(-1);
  if (!first || !last) return fail("a page below the root is empty");
  if (!first.equals(ref.from)) fail("a page begins with another path than its parent says");
  if (ref.to && comparePaths(last, ref.to) >= 0) fail("its pages are not in order");
  return page;
}
