/**
 * Makes index and folder agree: packs that nobody has indexed (a run was cut, the index was lost) are staged, packs that somebody deleted are
 * forgotten and counted as a loss, so that the next backup sends what they held. Records and notes are read anew each time: they are small.
 */
import { setImmediate as pause } from "node:timers/promises";
import { HoldfastError } from "../../protocol/errors.ts";
import { decodePruneNote } from "../../protocol/prune-note.ts";
import { decodeSnapshotRecord, recordHash } from "../../protocol/snapshot-record.ts";
import { listPackFiles, listRecordFiles, readNoteFiles, readPackFrame, readRecordFile } from "./copy-files.ts";
import type { CopyIndex, IndexedSnapshot } from "./copy-index.ts";
import { ignoreCorrupt, isAbsent } from "./disk-errors.ts";
import type { Layout } from "./layout.ts";

export interface AgreeOptions {
  /** May also remove what a power cut left half-written. */
  readonly mayClear?: boolean;
}

export async function agree(layout: Layout, index: CopyIndex, { mayClear = false }: AgreeOptions = {}): Promise<void> {
  await agreePacks(layout, index, mayClear);
  index.setSnapshots(await readSnapshots(layout, index.snapshots()));
}

async function agreePacks(layout: Layout, index: CopyIndex, mayClear: boolean): Promise<void> {
  const files = await listPackFiles(layout, { mayClear });
  const gone: number[] = [];
  let isLoss = false;
  for (const { id, number, state } of index.packs()) {
    if (files.delete(id.toString("hex"))) continue;
    gone.push(number);
    isLoss ||= state !== "condemned";
  }
  // Counted first: a loss that is told twice costs time, one that is not told would cost files.
  if (isLoss) index.addLoss();
  if (gone.length > 0) index.dropPacks(gone);
  for (const pack of files) {
    const found = frameOf(layout, pack);
    if (found) index.addPack(Buffer.from(pack, "hex"), found.sizeBytes, found.frame);
    await pause();
  }
}

/** What is no whole pack is left where it is: it may still be of use to somebody. */
function frameOf(layout: Layout, pack: string) {
  try {
    return readPackFrame(layout, pack);
  } catch (error) {
    if (error instanceof HoldfastError && error.kind === "corrupt") return undefined;
    throw error;
  }
}

/** In the order of their numbers. Of two with one number the one that the next refers to counts, else the first. */
export async function readSnapshots(layout: Layout, known: readonly IndexedSnapshot[]): Promise<IndexedSnapshot[]> {
  const knownOf = new Map(known.map((snapshot) => [snapshot.record.toString("hex"), snapshot]));
  const pruned = await prunedRecords(layout);
  const snapshots: (IndexedSnapshot & { previous?: string })[] = [];
  for (const { sequence, record } of await listRecordFiles(layout)) {
    const before = knownOf.get(record);
    const snapshot = before ?? (await readSnapshot(layout, sequence, record));
    if (!snapshot) continue;
    const last = snapshots.at(-1);
    if (last?.sequence === sequence) continue;
    snapshots.push({ ...snapshot, pruned: pruned.has(record) });
  }
  return snapshots;
}

/** `undefined` for a file that is no record of that name: nobody was promised it. */
async function readSnapshot(layout: Layout, sequence: number, name: string): Promise<IndexedSnapshot | undefined> {
  const bytes = await readRecordFile(layout, sequence, name).catch(ignoreCorrupt);
  if (bytes === undefined || recordHash(bytes).toString("hex") !== name) return undefined;
  try {
    const { root, claimedAt, incomplete, ...record } = decodeSnapshotRecord(bytes);
    if (record.sequence !== sequence) return undefined;
    const nothing = { files: 0, bytes: 0, pruned: false };
    return { sequence, record: recordHash(bytes), root, claimedAt, incomplete, ...nothing };
  } catch {
    return undefined;
  }
}

async function prunedRecords(layout: Layout): Promise<ReadonlySet<string>> {
  const pruned = new Set<string>();
  for await (const bytes of readNoteFiles(layout))
    try {
      for (const { record } of decodePruneNote(bytes).snapshots) pruned.add(record.toString("hex"));
    } catch (error) {
      if (isAbsent(error) || !(error instanceof HoldfastError)) throw error; // A damaged note hides nothing.
    }
  return pruned;
}
