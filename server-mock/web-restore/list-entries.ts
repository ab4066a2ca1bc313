/** A folder as of a snapshot, a page at a time. Nothing is remembered between pages but the cursor: where the last one ended. */

import { children } from "../../agent/browse/children.ts";
import { deletedChildren, type Gone } from "../../agent/browse/deleted-children.ts";
import type { Entry } from "../../agent/model/entry.ts";
import { comparePaths } from "../../agent/model/path-order.ts";
import { catalogPathOf, spelledPath } from "../../agent/model/spelled-path.ts";
import type { Snapshot } from "../../agent/vault/vault.ts";
import { IdSet } from "../../base/id-set.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { EntriesRequest, EntriesResponse } from "../../protocol/messages/web-restore.ts";
import { detailsOf } from "./entry-details.ts";
import { shownSnapshot, viewEntry } from "./entry-views.ts";
import type { OpenVault } from "./open-vaults.ts";
import { decodePlace, encodePlace } from "./places.ts";

/** With `folders-first` a folder is gone through twice. */
type Pass = "folders" | "others" | "all";

interface Shown {
  readonly entry: Entry;
  readonly last: SnapshotView | undefined;
}

interface Page {
  readonly items: Shown[];
  readonly isEnd: boolean;
  readonly looked: readonly SnapshotView[];
}

/** Throws `entry/missing` for what is no folder there, and what reading a catalog throws. */
export async function listEntries(
  open: OpenVault,
  snapshot: Snapshot,
  request: EntriesRequest,
  signal?: AbortSignal,
): Promise<EntriesResponse> {
  const folder = catalogPathOf(request.folder);
  const passes: readonly Pass[] = request.order === "name" ? ["all"] : ["folders", "others"];
  const place = request.cursor === undefined ? undefined : decodePlace(request.cursor);
  const items: Shown[] = [];
  let next: string | null = null;
  let looked: readonly SnapshotView[] | undefined;
  for (const [number, pass] of passes.entries()) {
    if (place !== undefined && number < place.phase) continue;
    if (items.length === request.limit) {
      next = encodePlace({ phase: number, path: undefined });
      break;
    }
    const after = place?.phase === number ? place.path : undefined;
    const wanted = { folder, after, pass, limit: request.limit - items.length, includeDeleted: request.includeDeleted };
    const page = await onePage(open, snapshot, wanted, signal);
    items.push(...page.items);
    // What holds for the whole answer: no further back than every pass looked.
    if (looked === undefined || page.looked.length < looked.length) looked = page.looked;
    if (page.isEnd) continue;
    next = encodePlace({ phase: number, path: items.at(-1)?.entry.path });
    break;
  }
  if (items.length === 0 && request.cursor === undefined)
    await checkFolder(snapshot, folder, request, (looked?.length ?? 0) > 0);
  const details = request.details ? await detailsOf(open, snapshot, folder, items, signal) : undefined;
  return {
    snapshot: shownSnapshot(snapshot.view),
    items: items.map(({ entry, last }, at) => viewEntry(entry, { ...details?.[at], deleted: deletedOf(last) })),
    next,
    lookedBack: request.includeDeleted ? lookedBackOf(looked ?? []) : null,
  };
}

async function onePage(
  open: OpenVault,
  { view, catalog }: Snapshot,
  wanted: { folder: Buffer; after: Buffer | undefined; pass: Pass; limit: number; includeDeleted: boolean },
  signal: AbortSignal | undefined,
): Promise<Page> {
  const { folder, after, pass, limit, includeDeleted } = wanted;
  const isWanted = ({ type }: Entry) => pass === "all" || (type === "folder") === (pass === "folders");
  const present = new Set<string>();
  const leaves = new IdSet();
  const found: Shown[] = [];
  let until: Buffer | undefined;
  for await (const entry of children(catalog, { folder, after }, { signal, onLeaf: ({ id }) => void leaves.add(id) })) {
    if (includeDeleted) present.add(entry.path.toString("latin1"));
    if (!isWanted(entry)) continue;
    found.push({ entry, last: undefined });
    if (found.length <= limit) continue;
    until = entry.path;
    break;
  }
  let looked: readonly SnapshotView[] = [];
  if (includeDeleted) {
    const options = { isWanted, limit, present, leaves, signal };
    const here = { sequence: view.sequence, root: catalog.root };
    const deleted = await deletedChildren(open, here, { folder, after, until }, options);
    ({ looked } = deleted);
    // Where deleted entries are only known up to a place, there are more than a page of them before it.
    found.push(...deleted.gone.map(({ entry, last }: Gone) => ({ entry, last })));
    found.sort((a, b) => comparePaths(a.entry.path, b.entry.path));
  }
  return { items: found.slice(0, limit), isEnd: found.length <= limit, looked };
}

/** An empty folder is one; what isn't there is not. */
async function checkFolder(
  { view, catalog }: Snapshot,
  folder: Buffer,
  { includeDeleted }: EntriesRequest,
  hasOlder: boolean,
): Promise<void> {
  if (folder.length === 0) return;
  const itself = await catalog.find(folder);
  if (itself?.type === "folder" || (itself === undefined && includeDeleted && hasOlder)) return;
  throw new HoldfastError("entry/missing", { snapshot: view.sequence, path: spelledPath(folder) });
}

export const deletedOf = (last: SnapshotView | undefined) =>
  last === undefined ? null : { snapshot: last.sequence, receivedAt: last.receivedAt };

export const lookedBackOf = (looked: readonly SnapshotView[]) => ({
  snapshots: looked.length,
  since: looked.at(-1)?.receivedAt ?? null,
});
