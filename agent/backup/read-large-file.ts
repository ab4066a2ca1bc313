/** Reads one file of any size through a fixed buffer, splits its data by content, and seals the chunks that are new. Holes are not read. */
import { HoldfastError } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import {
  type Extent,
  type FileReader,
  findExtents,
  forgetCache,
  hasChanged,
  openFile,
  readAt,
} from "../disk/read-file.ts";
import { withoutLinks } from "../vault/pack-writer.ts";
import { NOTHING, type ReadContext } from "./read-context.ts";
import type { FileToRead, ReadResult } from "./read-job.ts";

/** Files beyond this would push everything else out of the page cache. */
const FORGET_FROM_BYTES = 256 * 1024 * 1024;

export async function readLargeFile(seen: FileToRead, context: ReadContext): Promise<ReadResult> {
  try {
    using file = openFile(seen);
    const parts = new Parts();
    let at = 0;
    for (const extent of findExtents(file, seen.blocks)) {
      parts.addHole(extent.offset - at);
      at = extent.offset + (await readExtent(file, extent, context, parts));
      if (at < extent.offset + extent.length) break; // It became shorter.
    }
    const ended = parts.cutShort ? at : file.sizeBytes;
    parts.addHole(ended - at);
    const changing = parts.cutShort || hasChanged(file);
    if (file.sizeBytes >= FORGET_FROM_BYTES) forgetCache(file);
    const { mtimeNs, ctimeNs } = file;
    return { ...parts.result(), files: [{ sizeBytes: ended, mtimeNs, ctimeNs, changing, offset: 0 }] };
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.kind !== "local") throw error;
    return { files: [{ ...NOTHING, trouble: { code: error.code, data: error.data } }], encodedBytes: 0 };
  }
}

/** Gives how many bytes there were. */
async function readExtent(file: FileReader, extent: Extent, context: ReadContext, parts: Parts): Promise<number> {
  const { buffer, cut } = context.splitter;
  let position = 0; // Of the extent: read so far.
  let start = 0; // Of the buffer: where the next chunk begins.
  let filled = 0;
  for (;;) {
    const wanted = Math.min(buffer.length - filled, extent.length - position);
    const count = readAt(file, buffer.subarray(filled, filled + wanted), extent.offset + position);
    position += count;
    filled += count;
    if (count < wanted) parts.cutShort = true;
    const isEnd = position === extent.length || count < wanted;
    const chunks: Buffer[] = [];
    while (isEnd ? start < filled : filled - start >= CHUNK_BYTES_MAX) {
      const length = cut(start, Math.min(filled - start, CHUNK_BYTES_MAX));
      chunks.push(buffer.subarray(start, start + length));
      start += length;
    }
    await sealNew(chunks, context, parts);
    if (isEnd) return position;
    buffer.copyWithin(0, start, filled);
    filled -= start;
    start = 0;
  }
}

async function sealNew(chunks: readonly Buffer[], context: ReadContext, parts: Parts): Promise<void> {
  const ids = chunks.map((plain) => context.nameChunk(CHUNK_TYPES.data, plain));
  const known = ids.length > 0 ? await context.ask("chunks", Buffer.concat(ids), []) : NONE;
  for (const [index, plain] of chunks.entries()) {
    const id = ids[index] ?? NONE;
    if (!known[index])
      parts.encodedBytes += await context.filler.add(
        withoutLinks({ type: CHUNK_TYPES.data, id: Buffer.from(id), plain }),
      );
    parts.addChunk(id, plain.length);
  }
}

const NONE = Buffer.alloc(0);

class Parts {
  encodedBytes = 0;
  /** The file ended before the size that it had when it was opened. */
  cutShort = false;
  readonly #ids: Uint8Array[] = [];
  readonly #parts: number[] = [];

  addHole(length: number): void {
    if (length > 0) this.#parts.push(length, 0);
  }

  addChunk(id: Uint8Array, length: number): void {
    this.#ids.push(id);
    this.#parts.push(length, 1);
  }

  result(): Pick<ReadResult, "chunkIds" | "parts" | "encodedBytes"> {
    return {
      chunkIds: Buffer.concat(this.#ids),
      parts: Float64Array.from(this.#parts),
      encodedBytes: this.encodedBytes,
    };
  }
}
