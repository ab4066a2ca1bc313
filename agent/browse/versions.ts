/** All states of one path over the history. One page per level and snapshot is read, and pages that snapshots share only once. */

import type { SnapshotView } from "../../protocol/messages/records.ts";
import { catalogPath } from "../disk/disk-path.ts";
import type { Entry } from "../model/entry.ts";
import { ahead } from "../vault/ahead.ts";
import type { Vault } from "../vault/vault.ts";
import { sameEntry } from "./same-entry.ts";

export interface Version {
  readonly entry: Entry;
  /** The snapshots that have it like this follow one another from `first` to `last`. */
  readonly first: SnapshotView;
  readonly last: SnapshotView;
  /** The next snapshot after `last` does not have the path at all. */
  readonly deletedIn?: SnapshotView | undefined;
}

/** Snapshots looked at together: the time goes into waiting for the service. */
const TOGETHER = 8;

/** Newest first; none when no snapshot has the path. */
export async function versions(
  vault: Vault,
  path: string | Buffer,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<readonly Version[]> {
  const wanted = catalogPath(path);
  const found: Version[] = [];
  let newer: SnapshotView | undefined;
  let current:
    | { entry: Entry; first: SnapshotView; last: SnapshotView; deletedIn: SnapshotView | undefined }
    | undefined;
  const lookups = ahead(await vault.snapshots(), TOGETHER, async (view) => {
    const { catalog } = await vault.openSnapshot(view.sequence);
    return { view, entry: await catalog.find(wanted, signal) };
  });
  for await (const { view, entry } of lookups) {
    if (entry && current && sameEntry(current.entry, entry)) current.first = view;
    else {
      if (current) found.push(current);
      const deletedIn = current ? undefined : newer;
      current = entry && { entry, first: view, last: view, deletedIn };
    }
    newer = view;
  }
  if (current) found.push(current);
  return found;
}
