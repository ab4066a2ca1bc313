/** What a list of one folder's entries says beyond the catalog: since when they are as they are, and what the service keeps for them. */

import { children, type Stretch } from "../../agent/browse/children.ts";
import { LOOK_BACK_MAX } from "../../agent/browse/deleted-children.ts";
import { sameEntry } from "../../agent/browse/same-entry.ts";
import type { Entry } from "../../agent/model/entry.ts";
import { comparePaths } from "../../agent/model/path-order.ts";
import type { PageRange } from "../../agent/vault/catalog-reader.ts";
import type { Snapshot } from "../../agent/vault/vault.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { More } from "./entry-views.ts";
import type { OpenVault } from "./open-vaults.ts";
import { storedBytes } from "./stored-bytes.ts";

interface Listed {
  readonly entry: Entry;
  /** Of a deleted one. */
  readonly last: SnapshotView | undefined;
}

/** Of what was deleted only the stored size. */
export async function detailsOf(
  open: OpenVault,
  snapshot: Snapshot,
  folder: Buffer,
  items: readonly Listed[],
  signal?: AbortSignal,
): Promise<More[]> {
  const stored = await storedBytes(
    open,
    items.map(({ entry }) => entry),
  );
  const here = items.filter(({ last }) => last === undefined).map(({ entry }) => entry);
  const since = await backedUpAt(open, snapshot, folder, here, signal);
  return items.map(({ entry }, at) => ({
    storedBytes: stored[at] ?? null,
    backedUpAt: since.get(entry.path.toString("latin1")) ?? null,
  }));
}

/** For each path the receive time of the oldest snapshot of those, one after the other, that have it just like this. */
async function backedUpAt(
  open: OpenVault,
  { view, catalog }: Snapshot,
  folder: Buffer,
  entries: readonly Entry[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const since = new Map<string, string>();
  const [first] = entries;
  if (first === undefined) return since;
  const paths = entries.map(({ path }) => path).sort(comparePaths);
  const stretch: Stretch = { folder, until: paths.at(-1) };
  const unsettled = new Map(entries.map((entry) => [entry.path.toString("latin1"), entry]));
  const settle = (name: string, at: SnapshotView) => {
    since.set(name, at.receivedAt);
    unsettled.delete(name);
  };
  const older = await open.before(view.sequence);
  let newer = view;
  let root = catalog.root;
  let leaves = await leavesOf(open, view.sequence, stretch, signal);
  for (const each of older.slice(0, LOOK_BACK_MAX)) {
    const before = await open.open(each.sequence);
    if (!before.catalog.root.equals(root)) {
      const { found, shared, seen } = await compared(open, each.sequence, { stretch, leaves, signal });
      for (const [name, entry] of unsettled) {
        if (shared.some((range) => isIn(range, entry.path))) continue;
        const then = found.get(name);
        if (then === undefined || !sameEntry(then, entry)) settle(name, newer);
      }
      leaves = seen;
    }
    newer = each;
    root = before.catalog.root;
    if (unsettled.size === 0) return since;
  }
  // As old as anything that is kept.
  if (older.length <= LOOK_BACK_MAX) for (const name of [...unsettled.keys()]) settle(name, newer);
  return since;
}

const keyOf = (id: Buffer): string => id.toString("latin1");

const isIn = ({ from, to }: PageRange, path: Buffer): boolean =>
  comparePaths(from, path) <= 0 && (to === undefined || comparePaths(path, to) < 0);

async function leavesOf(
  open: OpenVault,
  sequence: number,
  stretch: Stretch,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const leaves = new Set<string>();
  const { catalog } = await open.open(sequence);
  for await (const _ of children(catalog, stretch, { signal, onLeaf: ({ id }) => void leaves.add(keyOf(id)) }));
  return leaves;
}

/** An older snapshot's entries, but for pages that it shares with the newer one. */
async function compared(
  open: OpenVault,
  sequence: number,
  { stretch, leaves, signal }: { stretch: Stretch; leaves: ReadonlySet<string>; signal: AbortSignal | undefined },
): Promise<{ found: ReadonlyMap<string, Entry>; shared: readonly PageRange[]; seen: ReadonlySet<string> }> {
  const shared = new Map<string, PageRange>();
  const seen = new Set<string>();
  const isSkipped = (page: PageRange) => {
    if (!leaves.has(keyOf(page.id))) return false;
    shared.set(keyOf(page.id), page);
    seen.add(keyOf(page.id));
    return true;
  };
  const found = new Map<string, Entry>();
  const { catalog } = await open.open(sequence);
  const options = {
    signal,
    isSkipped,
    onLeaf: ({ id }: { id: Buffer }) => void seen.add(keyOf(id)),
    onDamage: () => undefined,
  };
  for await (const entry of children(catalog, stretch, options)) found.set(entry.path.toString("latin1"), entry);
  return { found, shared: [...shared.values()], seen };
}
