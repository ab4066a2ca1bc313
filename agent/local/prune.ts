/**
 * Prune and collect. The note that snapshots are dropped is durable before anything of them goes; packs are condemned in the index before their
 * files go, and the index forgets them last. A crash anywhere leaves something to collect, never a kept snapshot with a hole.
 */
import { sha256 } from "../../base/digest.ts";
import { encodePruneNote, PRUNE_NOTE_SNAPSHOTS_MAX } from "../../protocol/prune-note.ts";
import { putNoteFile, removePackFiles } from "./copy-files.ts";
import type { IndexedSnapshot } from "./copy-index.ts";
import type { OpenCopy } from "./open-copy.ts";
import { NeededPacks } from "./space.ts";

export interface PruneOptions {
  readonly nowMs: number;
  /** By the machine key. */
  readonly sign: (message: Buffer) => Buffer;
}

export async function prune(
  copy: OpenCopy,
  sequences: readonly number[],
  { nowMs, sign }: PruneOptions,
): Promise<void> {
  const dropped = copy.index.snapshots().filter(({ sequence, pruned }) => sequences.includes(sequence) && !pruned);
  for (let from = 0; from < dropped.length; from += PRUNE_NOTE_SNAPSHOTS_MAX) {
    const snapshots = dropped.slice(from, from + PRUNE_NOTE_SNAPSHOTS_MAX);
    const note = encodePruneNote({ vault: Buffer.from(copy.card.vault, "hex"), writtenAt: nowMs, snapshots }, sign);
    await putNoteFile(copy.layout, `${String(nowMs).padStart(16, "0")}-${sha256(note).toString("hex")}`, note);
  }
  copy.index.setPruned(dropped.map(({ sequence }) => sequence));
}

/** Removes packs that no kept snapshot needs. Gives the chunks that are gone with them. */
export async function collect(copy: OpenCopy): Promise<Buffer[]> {
  const needed = new NeededPacks(copy.index);
  for (const snapshot of kept(copy)) await needed.add(snapshot);
  const dead = copy.index.packs().filter(({ number, state }) => state === "live" && !needed.packs.has(number));
  copy.index.condemn(dead.map(({ number }) => number));
  return await sweep(copy);
}

/** What was condemned goes; also that of a run that was cut. */
export async function sweep({ index, layout }: OpenCopy): Promise<Buffer[]> {
  const condemned = index.packs().filter(({ state }) => state === "condemned");
  if (condemned.length === 0) return [];
  const chunks = condemned.flatMap(({ number }) => index.chunksOf(number).map(({ id }) => id));
  await removePackFiles(
    layout,
    condemned.map(({ id }) => id.toString("hex")),
  );
  index.dropPacks(condemned.map(({ number }) => number));
  return chunks.filter((id) => !index.hasChunk(id));
}

/** Newest first. */
export const kept = ({ index }: Pick<OpenCopy, "index">): IndexedSnapshot[] =>
  index
    .snapshots()
    .filter(({ pruned }) => !pruned)
    .reverse();
