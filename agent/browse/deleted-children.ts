/**
 * What a folder held in earlier snapshots and does not hold in this one. Snapshots are looked through from the newest on, `LOOK_BACK_MAX` of them at
 * most, and fewer in folders where very much changed; a catalog page that a newer one of them had is the same page and is not read again, so the cost is
 * that of what changed.
 */

import type { IdSet } from "../../base/id-set.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { Entry } from "../model/entry.ts";
import { comparePaths } from "../model/path-order.ts";
import type { Snapshot } from "../vault/vault.ts";
import { children, type Stretch } from "./children.ts";

/** Snapshots of one history, opened when they are wanted. */
export interface Snapshots {
  /** Kept ones before `sequence`, the newest first. */
  before(sequence: number): Promise<readonly SnapshotView[]>;
  open(sequence: number): Promise<Snapshot>;
}

export const LOOK_BACK_MAX = 60;
/** So many entries of earlier snapshots for one call, about two seconds' work; the snapshot in which they are reached is still finished. */
const LOOKED_MAX = 200_000;

export interface Gone {
  readonly entry: Entry;
  /** The newest snapshot that has it. */
  readonly last: SnapshotView;
}

export interface GoneOptions {
  readonly isWanted: (entry: Entry) => boolean;
  /** So many are enough: `until` is where they end. */
  readonly limit: number;
  /** Paths that are there, and leaves that were read for them. */
  readonly present: Set<string>;
  readonly leaves: IdSet;
  readonly signal?: AbortSignal | undefined;
}

/** In path order, complete up to `until` of the answer (absent: to the end of the stretch). */
export async function deletedChildren(
  open: Snapshots,
  { sequence, root }: { sequence: number; root: Buffer },
  stretch: Stretch,
  { isWanted, limit, present, leaves, signal }: GoneOptions,
): Promise<{ gone: Gone[]; until: Buffer | undefined; looked: readonly SnapshotView[] }> {
  const looked: SnapshotView[] = [];
  const gone: Gone[] = [];
  let entries = 0;
  let { until } = stretch;
  let newerRoot = root;
  for (const view of (await open.before(sequence)).slice(0, LOOK_BACK_MAX)) {
    signal?.throwIfAborted();
    if (entries >= LOOKED_MAX) break;
    looked.push(view);
    const { catalog } = await open.open(view.sequence);
    if (catalog.root.equals(newerRoot)) continue;
    newerRoot = catalog.root;
    const read: Buffer[] = [];
    let found = 0;
    const options = {
      signal,
      isSkipped: ({ id }: { id: Buffer }) => leaves.has(id),
      onLeaf: ({ id }: { id: Buffer }) => void read.push(id),
      // Of an older snapshot only: what it may have had is unknown.
      onDamage: () => undefined,
    };
    for await (const entry of children(catalog, { ...stretch, until }, options)) {
      entries++;
      const name = entry.path.toString("latin1");
      if (present.has(name)) continue;
      present.add(name);
      if (!isWanted(entry)) continue;
      gone.push({ entry, last: view });
      if (++found > limit) {
        until = entry.path;
        break;
      }
    }
    for (const id of read) leaves.add(id);
  }
  const end = until;
  const within = end === undefined ? gone : gone.filter(({ entry }) => comparePaths(entry.path, end) <= 0);
  return { gone: within.sort((a, b) => comparePaths(a.entry.path, b.entry.path)), until, looked };
}
