/** What a folder held before and holds no more, with the newest snapshot that has it. */

import { IdSet } from "../../base/id-set.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import { catalogPath } from "../disk/disk-path.ts";
import type { Snapshot, Vault } from "../vault/vault.ts";
import { children } from "./children.ts";
import { deletedChildren, type Gone } from "./deleted-children.ts";

export interface DeletedOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface Deleted {
  /** In path order; of what is deleted most are the first of them, if there are very many. */
  readonly gone: readonly Gone[];
  /** The snapshots that were looked through; what only older ones have is not found. */
  readonly looked: readonly SnapshotView[];
}

const GONE_MAX = 100_000;

/** Also of a folder that is gone itself. Throws `restore/no-match` for a path that was never a folder there. */
export async function listDeleted(
  vault: Vault,
  snapshot: Snapshot,
  path: string | Buffer,
  { signal }: DeletedOptions = {},
): Promise<Deleted> {
  const folder = catalogPath(path);
  const { view, catalog } = snapshot;
  const present = new Set<string>();
  const leaves = new IdSet();
  const here = { signal, onLeaf: ({ id }: { id: Buffer }) => void leaves.add(id) };
  for await (const entry of children(catalog, { folder }, here)) present.add(entry.path.toString("latin1"));
  const isThere = present.size > 0 || folder.length === 0 || (await catalog.find(folder, signal))?.type === "folder";
  const snapshots = {
    before: async (sequence: number) => (await vault.snapshots()).filter((each) => each.sequence < sequence),
    open: (sequence: number) => vault.openSnapshot(sequence),
  };
  const { gone, looked } = await deletedChildren(
    snapshots,
    { sequence: view.sequence, root: catalog.root },
    { folder },
    { isWanted: () => true, limit: GONE_MAX, present, leaves, signal },
  );
  if (!isThere && gone.length === 0)
    throw new HoldfastError("restore/no-match", { snapshot: view.sequence, path: String(path) });
  return { gone, looked };
}
