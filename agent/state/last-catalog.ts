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

/** Leaves of the catalog under `root`. Ends early (the rest counts as unknown) when the state lacks a page. */
export function* storedLeaves(state: State, root: Buffer): Generator<StoredLeaf> {
  yield* leavesBelow(state, { firstPath: Buffer.alloc(0), page: root, entries: 0, bytes: 0 }, true);
}

function* leavesBelow(state: State, child: PageChild, isLast: boolean): Generator<StoredLeaf> {
  const stored = state.findPage(child.page);
  if (!stored) return;
  const { plain, marks } = stored;
  if (plain[5] === 0) {
    yield { ...child, plain, isLast, read: () => readLeaf(plain, marks) };
    return;
  }
  const page = decodePage(plain);
  if (!("children" in page)) return;
  for (const each of page.children) yield* leavesBelow(state, each, isLast && each === page.children.at(-1));
}

function readLeaf(plain: Buffer, marks: Buffer): MarkedEntry[] {
  const page = decodePage(plain);
  if (!("entries" in page)) return [];
  return page.entries.map((entry, index) => ({
    entry,
    mark: marks.subarray(index * MARK_BYTES, (index + 1) * MARK_BYTES),
  }));
}
