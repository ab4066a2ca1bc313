/**
 * Compares what the walk finds with the last catalog; both are in path order, so one pass over each is enough. Whole leaves without
 * a change come out as one.
 */
import type { Found } from "../disk/found.ts";
import { comparePaths } from "../model/path-order.ts";
import type { MarkedEntry, StoredLeaf } from "../state/last-catalog.ts";
import { isUnchanged } from "./mark.ts";

export type Step =
  | { readonly kind: "leaf"; readonly leaf: StoredLeaf; readonly found: readonly Found[] }
  | { readonly kind: "kept"; readonly old: MarkedEntry; readonly found: Found }
  | { readonly kind: "changed"; readonly found: Found; readonly old: MarkedEntry | undefined };

export interface MergeOptions {
  readonly found: Iterable<Found>;
  readonly leaves: Iterator<StoredLeaf>;
  /** A leaf or entry that refers to something the service has lost is not taken over. */
  readonly isUsable: (old: MarkedEntry) => boolean;
}

export function* merge({ found: all, leaves, isUsable }: MergeOptions): Generator<Step> {
  let leaf: OldLeaf | undefined = nextLeaf(leaves);
  for (const found of all) {
    // Old entries before this path are gone from the disk.
    for (;;) {
      if (!leaf) break;
      const old = leaf.entries[leaf.next];
      if (old && comparePaths(old.entry.path, found.path) >= 0) break;
      if (old) leaf.next++;
      if (old) yield* leaf.spoil();
      else {
        yield* leaf.end();
        leaf = nextLeaf(leaves);
      }
    }
    const old = leaf?.entries[leaf.next];
    if (!leaf || !old?.entry.path.equals(found.path)) {
      if (leaf) yield* leaf.spoil();
      yield { kind: "changed", found, old: undefined };
      continue;
    }
    leaf.next++;
    if (isUnchanged(found, old) && isUsable(old)) yield* leaf.keep(old, found);
    else {
      yield* leaf.spoil();
      yield { kind: "changed", found, old };
    }
    if (leaf.next === leaf.entries.length) {
      yield* leaf.end();
      leaf = nextLeaf(leaves);
    }
  }
  if (leaf) yield* leaf.spoil();
}

function nextLeaf(leaves: Iterator<StoredLeaf>): OldLeaf | undefined {
  const { value, done } = leaves.next();
  return done ? undefined : new OldLeaf(value);
}

/** A leaf of the last catalog while the walk passes it: as long as nothing in it differs, its entries are held back. */
class OldLeaf {
  readonly leaf: StoredLeaf;
  readonly entries: readonly MarkedEntry[];
  next = 0;
  #isWhole = true;
  #held: { old: MarkedEntry; found: Found }[] = [];

  constructor(leaf: StoredLeaf) {
    this.leaf = leaf;
    this.entries = leaf.read();
  }

  *keep(old: MarkedEntry, found: Found): Generator<Step> {
    if (this.#isWhole) this.#held.push({ old, found });
    else yield { kind: "kept", old, found };
  }

  /** Something in it differs: its entries go on one by one. */
  *spoil(): Generator<Step> {
    this.#isWhole = false;
    for (const { old, found } of this.#held) yield { kind: "kept", old, found };
    this.#held = [];
  }

  *end(): Generator<Step> {
    if (this.#isWhole && this.#held.length > 0)
      yield { kind: "leaf", leaf: this.leaf, found: this.#held.map(({ found }) => found) };
    this.#held = [];
  }
}
