/**
 * Names in a snapshot, and on request names that earlier ones had. One call looks at a bounded number of entries and says where to go on, so that a search
 * through millions is many short calls, which whoever asks can stop.
 */

import { LOOK_BACK_MAX } from "../../agent/browse/deleted-children.ts";
import { diff } from "../../agent/browse/diff.ts";
import { namePattern } from "../../agent/browse/name-pattern.ts";
import type { Entry } from "../../agent/model/entry.ts";
import { comparePaths, isBefore, isWithin } from "../../agent/model/path-order.ts";
import { catalogPathOf } from "../../agent/model/spelled-path.ts";
import { type PageRange, reaches } from "../../agent/vault/catalog-reader.ts";
import type { Snapshot } from "../../agent/vault/vault.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { SearchRequest, SearchResponse } from "../../protocol/messages/web-restore.ts";
import { shownSnapshot, viewEntry } from "./entry-views.ts";
import { deletedOf, lookedBackOf } from "./list-entries.ts";
import type { OpenVault } from "./open-vaults.ts";
import { decodePlace, encodePlace, type Place } from "./places.ts";

/** About a second's work, with patterns as people type them; longer ones look at fewer. */
const LOOKED_MAX = 100_000;
const PATTERN_LENGTH = 16;

interface Found {
  readonly entry: Entry;
  readonly last: SnapshotView | undefined;
}

interface Search {
  readonly folder: Buffer;
  readonly isMatch: (path: Buffer) => boolean;
  readonly limit: number;
  readonly found: Found[];
  looked: number;
  readonly lookedMax: number;
  readonly signal: AbortSignal | undefined;
}

/** The cursor's phase: 0 is the snapshot itself, n the n-th before it. */
export async function searchEntries(
  open: OpenVault,
  snapshot: Snapshot,
  request: SearchRequest,
  signal?: AbortSignal,
): Promise<SearchResponse> {
  const { includeDeleted, pattern, limit, cursor } = request;
  const folder = catalogPathOf(request.folder);
  const lookedMax = Math.ceil(LOOKED_MAX / Math.max(1, pattern.length / PATTERN_LENGTH));
  const search: Search = { folder, isMatch: namePattern(pattern), limit, found: [], looked: 0, lookedMax, signal };
  const older = includeDeleted ? (await open.before(snapshot.view.sequence)).slice(0, LOOK_BACK_MAX) : [];
  let place: Place | undefined = cursor === undefined ? { phase: 0, path: undefined } : decodePlace(cursor);
  if (place.phase === 0) place = await searchHere(snapshot, search, place.path);
  if (place === undefined && older.length > 0) place = { phase: 1, path: undefined };
  while (place !== undefined && place.phase > 0 && !isEnough(search))
    place = await searchOlder(open, { snapshot, older, search }, place);
  return {
    snapshot: shownSnapshot(snapshot.view),
    items: search.found.map(({ entry, last }) => viewEntry(entry, { deleted: deletedOf(last) })),
    next: place === undefined ? null : encodePlace(place),
    looked: search.looked,
    lookedBack: includeDeleted ? lookedBackOf(older) : null,
  };
}

const isEnough = ({ found, limit, looked, lookedMax }: Search): boolean => found.length >= limit || looked >= lookedMax;

/** Answers where to go on; undefined: it was all looked at. */
async function searchHere(
  { catalog }: Snapshot,
  search: Search,
  after: Buffer | undefined,
): Promise<Place | undefined> {
  const isSkipped = (page: PageRange) =>
    !reaches(page, search.folder) ||
    (after !== undefined && page.to !== undefined && isBefore(page.to, { path: after, side: "before" }));
  for await (const { entries } of catalog.leaves({ isSkipped, signal: search.signal })) {
    for (const entry of entries) {
      const { path } = entry;
      if (!isWithin(path, search.folder) || path.length === search.folder.length) continue;
      if (after !== undefined && comparePaths(path, after) <= 0) continue;
      search.looked++;
      if (search.isMatch(path)) search.found.push({ entry, last: undefined });
      if (isEnough(search)) return { phase: 0, path };
    }
  }
  return undefined;
}

/** What the snapshot of that phase has and the next newer one has not, unless it is there again later. */
async function searchOlder(
  open: OpenVault,
  { snapshot, older, search }: { snapshot: Snapshot; older: readonly SnapshotView[]; search: Search },
  { phase, path: after }: Place,
): Promise<Place | undefined> {
  const view = older[phase - 1];
  if (view === undefined) return undefined;
  const newer = older[phase - 2]?.sequence ?? snapshot.view.sequence;
  const later = [snapshot.view, ...older.slice(0, Math.max(0, phase - 2))];
  const [before, then] = [await open.open(view.sequence), await open.open(newer)];
  const paths = search.folder.length === 0 ? [] : [search.folder];
  for await (const change of diff(before, then, { paths, signal: search.signal })) {
    if (after !== undefined && comparePaths(change.path, after) <= 0) continue;
    search.looked++;
    const isMatch = change.kind === "removed" && search.isMatch(change.path);
    if (isMatch && !(await isThere(open, later, change.path))) search.found.push({ entry: change.before, last: view });
    if (isEnough(search)) return { phase, path: change.path };
  }
  return { phase: phase + 1, path: undefined };
}

async function isThere(open: OpenVault, views: readonly SnapshotView[], path: Buffer): Promise<boolean> {
  for (const { sequence } of views)
    if ((await (await open.open(sequence)).catalog.find(path)) !== undefined) return true;
  return false;
}
