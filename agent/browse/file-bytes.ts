/** A file's bytes in order, proven chunk by chunk before they are handed on. At most `TOGETHER` chunks (16 MiB) are held. */

import { HoldfastError } from "../../protocol/errors.ts";
import type { FileEntry, Slice } from "../model/entry.ts";
import { spelledPath } from "../model/spelled-path.ts";
import { tooShort } from "../vault/check-lengths.ts";
import type { ChunkSource } from "../vault/chunk-source.ts";
import { readSlices } from "../vault/read-slices.ts";

const TOGETHER = 4;
const ZEROS = Buffer.alloc(256 * 1024);

export interface FileRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Throws `restore/no-content`, `chunk/lost`, `chunk/corrupt`, `format/malformed`: what was handed on until then is right. */
export async function* fileBytes(
  chunks: ChunkSource,
  file: FileEntry,
  { start, end }: FileRange = { start: 0, end: file.sizeBytes },
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  if (file.content.kind === "missing" && file.sizeBytes > 0)
    throw new HoldfastError("restore/no-content", { path: spelledPath(file.path) });
  let position = 0;
  let batch: Slice[] = [];
  for await (const slices of readSlices(chunks, file, { signal })) {
    for (const slice of slices) {
      const from = Math.max(0, start - position);
      const length = Math.min(slice.length, end - position) - from;
      position += slice.length;
      if (length <= 0) continue;
      batch.push(slice.kind === "hole" ? { kind: "hole", length } : { ...slice, offset: slice.offset + from, length });
      if (batch.length < TOGETHER) continue;
      yield* bytesOf(chunks, batch, signal);
      batch = [];
    }
    if (position >= end) break;
  }
  yield* bytesOf(chunks, batch, signal);
}

async function* bytesOf(chunks: ChunkSource, batch: readonly Slice[], signal?: AbortSignal): AsyncGenerator<Buffer> {
  const ids = batch.flatMap((slice) => (slice.kind === "chunk" ? [slice.chunk] : []));
  const distinct = [...new Map(ids.map((id) => [id.toString("latin1"), id])).values()];
  const plains = new Map<string, Buffer>();
  for await (const { id, plain, error } of chunks.read(distinct, { kind: "content", signal })) {
    if (error) throw error;
    plains.set(id.toString("latin1"), plain);
  }
  for (const slice of batch) {
    if (slice.kind === "hole") {
      yield* zeros(slice.length);
      continue;
    }
    const plain = plains.get(slice.chunk.toString("latin1"));
    if (plain === undefined || plain.length < slice.offset + slice.length) throw tooShort(slice.chunk);
    yield plain.subarray(slice.offset, slice.offset + slice.length);
  }
}

function* zeros(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}
