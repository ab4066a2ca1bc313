/**
 * Keeps the local state in proportion to the tree, and finds bundles that went mostly stale: their last live files are read again and bundled
 * anew by the following backups, a little each time, so that no restore has to fetch a megabyte for a file of some bytes. It goes through all
 * of the last catalog, so it is only done when enough has come since it was done last.
 */

import { IdSet } from "../../base/id-set.ts";
import { decodePage, pageLinks } from "../model/page.ts";
import { FILE_ID_BYTES, PACKED_FILE_BYTES } from "../state/place-table.ts";
import type { State, StoredBundle } from "../state/state.ts";

/** Rows of chunks that nothing refers to any more: they still save sending what comes back. */
const DEAD_CHUNKS_MAX = 10_000;
/** A bundle of which less is live is mostly what restores and the service keep for nothing; with 0.3, restores fetched twice as much (2026-11). */
const LIVE_SHARE_MIN = 0.5;
/** Read again in one backup, of all bytes of the tree; but always some. */
const READ_AGAIN_SHARE = 0.05;
const READ_AGAIN_BYTES_MIN = 8 * 1024 * 1024;

export interface SweepOptions {
  /** Its head is the catalog that was committed just now, after a walk over everything. */
  readonly state: State;
  /** Of the tree. */
  readonly bytes: number;
  /** Of the vault: all there is is live. */
  readonly isFirst: boolean;
}

export function sweepIfDue({ state, bytes, isFirst }: SweepOptions): void {
  const now = state.countKnown();
  const before = state.findSwept();
  if (isFirst) state.setSwept(now);
  else if (
    !before ||
    now.stale > 0 ||
    now.chunks > before.chunks * 2 + DEAD_CHUNKS_MAX ||
    now.bundles > before.bundles * 1.1 + 8
  )
    sweep(state, bytes);
}

interface Bundle {
  readonly id: Buffer;
  readonly sizeBytes: number;
  liveBytes: number;
}

function sweep(state: State, bytes: number): void {
  const bundles = new Map<string, Bundle>();
  for (const bundle of state.bundles())
    bundles.set(bundle.id.toString("latin1"), { id: bundle.id, sizeBytes: sizeOf(bundle), liveBytes: 0 });
  const live = new IdSet();
  const isComplete = markLive(state, live, bundles);
  // What an unknown list refers to would be taken for dead.
  if (isComplete) state.keepChunks((id) => live.has(id));
  state.setStale(staleBundles([...bundles.values()], Math.max(READ_AGAIN_BYTES_MIN, bytes * READ_AGAIN_SHARE)));
  state.setSwept(state.countKnown());
}

/** False when an entry has a list that the state doesn't know. */
function markLive(state: State, live: IdSet, bundles: ReadonlyMap<string, Bundle>): boolean {
  let isComplete = true;
  for (const { id, plain } of state.pages()) {
    live.add(id);
    const links = pageLinks(plain);
    for (let at = 0; at < links.length; at += ID_BYTES) live.add(links.subarray(at, at + ID_BYTES));
    const page = decodePage(plain);
    if (!("entries" in page)) continue;
    // Within a page the same id is the same object.
    const known = new Map<Buffer, Bundle | undefined>();
    for (const entry of page.entries) {
      if (entry.type !== "file" || entry.content.kind === "missing") continue;
      if (entry.content.kind === "list") isComplete = markList(state, live, entry.content.list) && isComplete;
      else
        for (const slice of entry.content.slices) {
          if (slice.kind === "hole") continue;
          if (!known.has(slice.chunk)) known.set(slice.chunk, bundles.get(slice.chunk.toString("latin1")));
          const bundle = known.get(slice.chunk);
          if (bundle) bundle.liveBytes += slice.length;
        }
    }
  }
  return isComplete;
}

function markList(state: State, live: IdSet, list: Buffer): boolean {
  const links = state.findList(list);
  if (!links) return false;
  let isComplete = true;
  for (let at = 0; at < links.length; at += ID_BYTES) {
    const id = links.subarray(at, at + ID_BYTES);
    // A list of lists: those that are none are chunks.
    if (live.add(id) && state.findList(id)) isComplete = markList(state, live, id) && isComplete;
  }
  return isComplete;
}

/** The stalest first, until their live files are as many bytes as may be read again. */
function staleBundles(bundles: readonly Bundle[], bytesMax: number): Buffer[] {
  const share = ({ liveBytes, sizeBytes }: Bundle) => liveBytes / sizeBytes;
  const stale = bundles.filter((bundle) => bundle.liveBytes > 0 && share(bundle) < LIVE_SHARE_MIN);
  let left = bytesMax;
  const chosen: Buffer[] = [];
  for (const { id, liveBytes } of stale.sort((a, b) => share(a) - share(b))) {
    left -= liveBytes;
    if (left < 0) break;
    chosen.push(id);
  }
  return chosen;
}

/** Behind each digest: offset and length (place-table.ts). */
function sizeOf({ files }: StoredBundle): number {
  let end = 0;
  for (let at = 0; at < files.length; at += PACKED_FILE_BYTES) {
    const place = at + FILE_ID_BYTES;
    end = Math.max(end, files.readUInt32LE(place) + files.readUInt32LE(place + 4));
  }
  return end;
}

const ID_BYTES = 32;
