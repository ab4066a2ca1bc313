/**
 * Mark: what can be reached from some pages, by the links that stand in the clear (format §5). Every copy of a page counts, so that a pack with a
 * page whose links were left out can't make anything look unneeded. Pages are remembered whole (64 to 128 bytes each); of data, which is much more,
 * 8 bytes of each id: a chunk that looks like a needed one stays, and that is all that can happen.
 */
import { setImmediate as pause } from "node:timers/promises";
import { IdSet } from "../../../base/id-set.ts";
import type { RecordStores } from "../../records/records.ts";
import { PrefixSet } from "./prefix-set.ts";

const IDS_PER_QUERY = 200;

export interface Reachable {
  has(id: Uint8Array): boolean;
  /** Distinct ids, pages and data. */
  readonly size: number;
}

export interface MarkOptions {
  /** Told of ids that are referred to and lie in no pack, also not as condemned. */
  readonly onMissing?: (ids: readonly Uint8Array[]) => void;
}

/** `roots`: ids of pages, or of anything else that must stay; 32 bytes each. */
export async function mark(
  stores: RecordStores,
  vault: number,
  roots: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { onMissing }: MarkOptions = {},
): Promise<Reachable> {
  const pages = new IdSet();
  const data = new PrefixSet();
  let waiting: Buffer[] = [];

  /** Ids that nobody has looked at yet, or that are data: which of them are pages? Those are walked, once. */
  async function look(ids: readonly Buffer[]): Promise<void> {
    if (onMissing !== undefined) {
      const missing = await stores.chunks.listMissing(vault, ids);
      if (missing.length > 0) onMissing(missing);
    }
    const found = await stores.reach.linksOf(vault, ids);
    const walked = new Set<string>();
    for (const { chunk, links } of found) {
      walked.add(asBuffer(chunk).toString("latin1"));
      // One after the other: a large page has links for many queries.
      for (const id of idsOf(links)) waiting.push(id);
    }
    for (const id of ids)
      if (walked.has(id.toString("latin1"))) pages.add(id);
      else data.add(id);
    await pause();
  }

  /** The newest first, so that what waits is a path down the tree and not its breadth. */
  async function walk(): Promise<void> {
    while (waiting.length > 0) {
      const batch = new Map<string, Buffer>();
      while (waiting.length > 0 && batch.size < IDS_PER_QUERY) {
        const id = waiting.pop();
        if (id !== undefined && !pages.has(id)) batch.set(id.toString("latin1"), id);
      }
      const ids = [...batch.values()];
      if (ids.length > 0) await look(ids);
    }
  }

  for await (const root of roots) {
    waiting.push(Buffer.from(root));
    await walk();
  }
  waiting = [];
  return {
    has: (id) => data.has(id) || pages.has(asBuffer(id)),
    get size() {
      return pages.size + data.size;
    },
  };
}

export function* idsOf(links: Uint8Array): Generator<Buffer> {
  const bytes = asBuffer(links);
  for (let at = 0; at + 32 <= bytes.length; at += 32) yield bytes.subarray(at, at + 32);
}

export const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export async function* snapshotRoots(stores: RecordStores, vault: number): AsyncGenerator<Uint8Array> {
  for (const { root } of await stores.reach.listSnapshots(vault, ["kept", "pruned"])) yield root;
}

/** What must stay of a vault: the roots of snapshots that are kept or can still be brought back, and what staged packs hold and refer to. */
export async function* rootsOf(stores: RecordStores, vault: number): AsyncGenerator<Uint8Array> {
  yield* snapshotRoots(stores, vault);
  for (const { number } of await stores.packs.listStaged({ vault })) {
    for (const links of await stores.chunks.listLinks(number)) yield* idsOf(links);
    for (const { id } of await stores.reach.chunksOf(number)) yield id;
  }
}
