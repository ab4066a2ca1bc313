/** Names the files of a snapshot that bad chunks make impossible to restore. Only needed when there are some. */
import type { HoldfastError } from "../../protocol/errors.ts";
import type { FileEntry } from "../model/entry.ts";
import type { ChunkSource } from "../vault/chunk-source.ts";
import { isDamage } from "../vault/page-reader.ts";
import { readSlices } from "../vault/read-slices.ts";
import type { Snapshot } from "../vault/vault.ts";
import type { BadChunks } from "./chunk-check.ts";
import type { Findings } from "./findings.ts";

export async function affectedFiles(
  chunks: ChunkSource,
  { catalog, view }: Snapshot,
  { bad, findings, signal }: { bad: BadChunks; findings: Findings; signal: AbortSignal | undefined },
): Promise<void> {
  // Damaged pages were reported when they were found.
  for await (const { entries } of catalog.leaves({ signal, onDamage: () => undefined })) {
    for (const entry of entries) {
      const error = entry.type === "file" ? await findBad(chunks, entry, bad, signal) : undefined;
      if (error) findings.add(view.sequence, `/${entry.path}`, error);
    }
  }
}

async function findBad(
  chunks: ChunkSource,
  file: FileEntry,
  bad: BadChunks,
  signal: AbortSignal | undefined,
): Promise<HoldfastError | undefined> {
  const { content } = file;
  if (content.kind === "list") {
    const list = bad.get(content.list.toString("latin1"));
    if (list) return list;
  }
  try {
    for await (const slices of readSlices(chunks, file, { signal })) {
      for (const slice of slices) {
        const error = slice.kind === "chunk" ? bad.get(slice.chunk.toString("latin1")) : undefined;
        if (error) return error;
      }
    }
    return undefined;
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}
