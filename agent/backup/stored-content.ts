/** Whether what old entries refer to is on the service, for when it may have lost something. */
import type { MarkedEntry } from "../state/last-catalog.ts";

/** Whether a catalog with this entry can be committed. */
export function isWhole({ entry }: MarkedEntry, isStored: (chunk: Buffer) => boolean): boolean {
  if (entry.type !== "file" || entry.content.kind === "missing") return true;
  if (entry.content.kind === "list") return isStored(entry.content.list);
  return entry.content.slices.every((slice) => slice.kind === "hole" || isStored(slice.chunk));
}

/** Long contents lie in lists, whose chunks may be lost without our knowing. */
export const isSurelyWhole = (old: MarkedEntry, isStored: (chunk: Buffer) => boolean): boolean =>
  !(old.entry.type === "file" && old.entry.content.kind === "list") && isWhole(old, isStored);

/** Whether it lies in one of the bundles (ids as Latin-1) that are to be made anew. */
export const isStale = ({ entry }: MarkedEntry, bundles: ReadonlySet<string>): boolean =>
  entry.type === "file" &&
  entry.content.kind === "slices" &&
  entry.content.slices.some((slice) => slice.kind === "chunk" && bundles.has(slice.chunk.toString("latin1")));
