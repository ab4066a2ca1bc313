/** Looks for names in one snapshot, or in the whole history: then newest first, and pages that snapshots share are looked at once. */

import { IdSet } from "../../base/id-set.ts";
import type { Entry } from "../model/entry.ts";
import type { SnapshotChoice, Vault } from "../vault/vault.ts";
import { namePattern } from "./name-pattern.ts";
import { sameEntry } from "./same-entry.ts";

export interface FindOptions {
  /** Default: the latest. */
  readonly at?: SnapshotChoice | undefined;
  readonly allSnapshots?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Match {
  readonly entry: Entry;
  /** The newest snapshot that has it like this. */
  readonly snapshot: number;
  readonly receivedAt: string;
}

/** How many found entries are remembered so that one that only moved to another page is not found again. */
const REMEMBERED_MAX = 100_000;

export async function* find(vault: Vault, pattern: string, options: FindOptions = {}): AsyncGenerator<Match> {
  const { at = { kind: "latest" }, allSnapshots = false, signal } = options;
  const isMatch = namePattern(pattern);
  const leaves = new IdSet();
  const found = new Map<string, Entry>();
  const views = allSnapshots ? await vault.snapshots() : [await vault.findSnapshot(at)];
  for (const { sequence: snapshot, receivedAt } of views) {
    const { catalog } = await vault.openSnapshot(snapshot);
    for await (const leaf of catalog.leaves({ isSkipped: ({ id }) => leaves.has(id), signal })) {
      if (allSnapshots) leaves.add(leaf.id);
      for (const entry of leaf.entries) {
        if (!isMatch(entry.path)) continue;
        const name = entry.path.toString("latin1");
        const newer = found.get(name);
        if (newer && sameEntry(newer, entry)) continue;
        if (found.size < REMEMBERED_MAX || newer) found.set(name, entry);
        yield { entry, snapshot, receivedAt };
      }
    }
  }
}
