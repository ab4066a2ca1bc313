/** Reads several small files one behind the other and seals those with new content as one bundle (format §3.2). */
import { HoldfastError } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import { hasChanged, openFile, readAt } from "../disk/read-file.ts";
import { withoutLinks } from "../vault/pack-writer.ts";
import { NOTHING, type ReadContext } from "./read-context.ts";
import type { FileToRead, ReadFile, ReadResult } from "./read-job.ts";

const FILE_ID_BYTES = 16;
/** A file that changes under our eyes is read again this often before it is stored as read. */
const TRIES = 3;

export async function readBundle(files: readonly FileToRead[], context: ReadContext): Promise<ReadResult> {
  const { buffer } = context.splitter;
  const read: ReadFile[] = [];
  const ids: Buffer[] = [];
  const indexes: number[] = [];
  let end = 0;
  for (const [index, file] of files.entries()) {
    const result = readSmallFile(file, buffer.subarray(end, CHUNK_BYTES_MAX), end);
    read.push(result);
    if (result.trouble || result.sizeBytes === 0) continue;
    ids.push(context.nameFile(buffer.subarray(end, end + result.sizeBytes)).subarray(0, FILE_ID_BYTES));
    indexes.push(index);
    end += result.sizeBytes;
  }
  if (indexes.length === 0) return { files: read, encodedBytes: 0, plainBytes: 0 };

  const known = await context.ask("files", Buffer.concat(ids), indexes);
  const plainBytes = keepUnknown(read, indexes, known, buffer);
  if (plainBytes === 0) return { files: read, encodedBytes: 0, plainBytes };
  const plain = buffer.subarray(0, plainBytes);
  const bundle = context.nameChunk(CHUNK_TYPES.bundle, plain);
  const [isKnown] = await context.ask("chunks", bundle, []);
  const encodedBytes = isKnown
    ? 0
    : await context.filler.add(withoutLinks({ type: CHUNK_TYPES.bundle, id: bundle, plain }));
  return { files: read, bundle, encodedBytes, plainBytes: isKnown ? 0 : plainBytes };
}

/** Moves the files that must be stored together at the buffer's beginning, notes where they are, and gives their length. */
function keepUnknown(read: ReadFile[], indexes: readonly number[], known: Uint8Array, buffer: Buffer): number {
  let end = 0;
  for (const [position, index] of indexes.entries()) {
    const file = read[index];
    if (!file) continue;
    if (known[position]) {
      read[index] = { ...file, offset: -1 };
      continue;
    }
    if (file.offset !== end) buffer.copyWithin(end, file.offset, file.offset + file.sizeBytes);
    read[index] = { ...file, offset: end };
    end += file.sizeBytes;
  }
  return end;
}

function readSmallFile(seen: FileToRead, into: Buffer, offset: number): ReadFile {
  try {
    for (let attempt = 1; ; attempt++) {
      using file = openFile(seen);
      const { mtimeNs, ctimeNs } = file;
      if (file.sizeBytes > into.length) return { ...NOTHING, trouble: "again" };
      const sizeBytes = readAt(file, into.subarray(0, file.sizeBytes), 0);
      const changing = sizeBytes < file.sizeBytes || hasChanged(file);
      if (!changing || attempt === TRIES) return { sizeBytes, mtimeNs, ctimeNs, changing, offset };
    }
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.kind !== "local") throw error;
    return { ...NOTHING, trouble: { code: error.code, data: error.data } };
  }
}
