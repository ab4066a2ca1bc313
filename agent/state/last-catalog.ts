/** Reads the last catalog from the local state, leaf by leaf in path order. */
import type { Entry } from "../model/entry.ts";
import { decodePage, type PageChild } from "../model/page.ts";
import type { State } from "./state.ts";

export const MARK_BYTES = 16;

export interface MarkedEntry {
  readonly entry: Entry;
  readonly mark: Buffer;
}

export interface StoredLeaf extends PageChild {
  readonly plain: Buffer;
  /** Nothing came after it. */
  readonly isLast: boolean;
  /** Decodes it: not kept, since a leaf may wait long in memory. */
  read(): readonly MarkedEntry[];
}

/** Names a page by its content. */
export type PageNamer = (plain: Buffer) => Buffer;

/** Leaves of the catalog under `root`. What lies below a page that the state lacks, or that is not what its name says, counts as unknown. */
export function* storedLeaves(state: State, root: Buffer, namePage: PageNamer): Generator<StoredLeaf> {
  yield* leavesBelow({ state, namePage }, { firstPath: Buffer.alloc(0), page: root, entries: 0, bytes: 0 }, true);
}

function* leavesBelow(
  from: { state: State; namePage: PageNamer },
  child: PageChild,
  isLast: boolean,
): Generator<StoredLeaf> {
  const stored = from.state.findPage(child.page);
  // A disk that has altered an offset here would otherwise get another file's bytes into the next snapshot.
  if (!stored || !from.namePage(stored.plain).equals(child.page)) return;
  const { plain, marks } = stored;
  if (plain[5] === 0) {
    yield { ...child, plain, isLast, read: () => readLeaf(plain, marks) };
    return;
  }
  const page = decodePage(plain);
  if (!("children" in page)) return;
  for (const each of page.children) yield* leavesBelow(from, each, isLast && each === page.children.at(-1));
}

function readLeaf(plain: Buffer, marks: Buffer): MarkedEntry[] {
  const page = decodePage(plain);
  if (!("entries" in page)) return [];
  return page.entries.map((entry, index) => ({
    entry,
    mark: marks.subarray(index * MARK_BYTES, (index + 1) * MARK_BYTES),
  }));
}
