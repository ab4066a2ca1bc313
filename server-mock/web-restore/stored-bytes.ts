/**
 * What the service keeps for some files, about: the sealed length of their chunks. Of a bundle, in which small files lie together, a file has the share that
 * its bytes have of what is seen of the bundle. Content in several files counts for each. Of files with lists of chunks it is not known here.
 */
import type { Entry, Slice } from "../../agent/model/entry.ts";
import { LOCATE_IDS_MAX } from "../../protocol/limits.ts";
import type { OpenVault } from "./open-vaults.ts";

type ChunkSlice = Extract<Slice, { kind: "chunk" }>;

/** In the order of `entries`; undefined where it is not known. */
export async function storedBytes(open: OpenVault, entries: readonly Entry[]): Promise<(number | undefined)[]> {
  const slices = entries.map(chunkSlices);
  const ends = new Map<string, number>();
  const ids = new Map<string, Buffer>();
  for (const { chunk, offset, length } of slices.flatMap((each) => each ?? [])) {
    const key = chunk.toString("latin1");
    ids.set(key, chunk);
    ends.set(key, Math.max(ends.get(key) ?? 0, offset + length));
  }
  const sealed = await sealedLengths(open, [...ids.values()]);
  return slices.map((each) => {
    if (each === undefined) return undefined;
    let sum = 0;
    for (const { chunk, length } of each) {
      const key = chunk.toString("latin1");
      sum += ((sealed.get(key) ?? 0) * length) / (ends.get(key) || 1);
    }
    return Math.round(sum);
  });
}

function chunkSlices(entry: Entry): readonly ChunkSlice[] | undefined {
  if (entry.type !== "file" || entry.content.kind !== "slices") return undefined;
  return entry.content.slices.filter((slice) => slice.kind === "chunk");
}

async function sealedLengths({ vault }: OpenVault, ids: readonly Buffer[]): Promise<ReadonlyMap<string, number>> {
  const lengths = new Map<string, number>();
  for (let from = 0; from < ids.length; from += LOCATE_IDS_MAX) {
    const { ranges } = await vault.chunks.locate(ids.slice(from, from + LOCATE_IDS_MAX));
    for (const { chunks } of ranges) for (const { id, length } of chunks) lengths.set(id.toString("latin1"), length);
  }
  return lengths;
}
