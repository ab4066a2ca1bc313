/** What lies directly in a folder, from a place on: pages before it, beyond it and below its folders are not read. */
import type { Entry } from "../model/entry.ts";
import { comparePaths, isBefore, isWithin } from "../model/path-order.ts";
import { type CatalogReader, type Leaf, type PageRange, reaches } from "../vault/catalog-reader.ts";

export interface Stretch {
  /** Catalog path; empty is the top. */
  readonly folder: Buffer;
  /** Only what comes behind this child of the folder. */
  readonly after?: Buffer | undefined;
  /** Only up to this one. */
  readonly until?: Buffer | undefined;
}

export interface ChildrenOptions {
  readonly signal?: AbortSignal | undefined;
  /** Leaves it out; may be asked more than once. */
  readonly isSkipped?: ((page: PageRange) => boolean) | undefined;
  readonly onLeaf?: ((leaf: Leaf) => void) | undefined;
  /** Without it, damage is thrown. */
  readonly onDamage?: (() => void) | undefined;
}

export async function* children(
  catalog: CatalogReader,
  { folder, after, until }: Stretch,
  { signal, isSkipped, onLeaf, onDamage }: ChildrenOptions = {},
): AsyncGenerator<Entry> {
  let last = after;
  const isPassed = ({ from, to }: PageRange): boolean => {
    if (!reaches({ id: NO_ID, from, to }, folder)) return true;
    if (after !== undefined && to !== undefined && isBefore(to, { path: after, side: "behind" })) return true;
    if (until !== undefined && from.length > 0 && comparePaths(from, until) > 0) return true;
    return last !== undefined && to !== undefined && isWithin(from, last) && isWithin(to, last);
  };
  const skip = (page: PageRange) => isPassed(page) || (isSkipped?.(page) ?? false);
  for await (const leaf of catalog.leaves({ isSkipped: skip, signal, onDamage })) {
    onLeaf?.(leaf);
    for (const entry of leaf.entries) {
      if (!isChild(entry.path, folder) || (after !== undefined && comparePaths(entry.path, after) <= 0)) continue;
      if (until !== undefined && comparePaths(entry.path, until) > 0) return;
      last = entry.path;
      yield entry;
    }
  }
}

const SLASH = 0x2f;
const NO_ID = Buffer.alloc(0);

const isChild = (path: Buffer, folder: Buffer): boolean =>
  path.length > folder.length &&
  isWithin(path, folder) &&
  path.indexOf(SLASH, folder.length === 0 ? 0 : folder.length + 1) < 0;
