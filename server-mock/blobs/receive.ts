/** Writes a stream to an open file while hashing it: large writes, one in flight, so that receiving, hashing and writing overlap. */
import type { FileHandle } from "node:fs/promises";
import { collectYoung } from "../../base/collect-garbage.ts";
import { sha256Stream } from "../../base/digest.ts";

const WRITE_BYTES = 1024 * 1024;
/** What bytes arrived in would otherwise wait for full collections, which took half of the processor time of receiving (2026-11). */
const COLLECT_BYTES = 2 * 1024 * 1024;

export interface Received {
  readonly sizeBytes: number;
  readonly digest: Buffer;
}

/** Stops reading when more than `sizeBytesMax` arrive; the answer then says more than that. At most 2 MiB wait in memory. */
export async function receive(
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
  sizeBytesMax: number,
): Promise<Received> {
  const hash = sha256Stream();
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let written = 0;
  let collected = 0;
  let writing: Promise<void> = Promise.resolve();
  const flush = async () => {
    await writing;
    const pieces = waiting;
    const position = written;
    written += waitingBytes;
    waiting = [];
    waitingBytes = 0;
    if (position - collected >= COLLECT_BYTES) {
      collectYoung();
      collected = position;
    }
    writing = writeAll(file, pieces, position);
    // Awaited by the next flush; until then a failure must not count as unhandled.
    writing.catch(() => undefined);
  };
  for await (const piece of source) {
    hash.update(piece);
    waiting.push(piece);
    waitingBytes += piece.length;
    if (written + waitingBytes > sizeBytesMax) break;
    if (waitingBytes >= WRITE_BYTES) await flush();
  }
  await flush();
  await writing;
  return { sizeBytes: written, digest: hash.digest() };
}

async function writeAll(file: FileHandle, pieces: readonly Uint8Array[], position: number): Promise<void> {
  if (pieces.length === 0) return;
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let { bytesWritten } = await file.writev([...pieces], position);
  if (bytesWritten === total) return;
  const rest = Buffer.concat(pieces);
  while (bytesWritten < total)
    bytesWritten += (await file.write(rest, bytesWritten, total - bytesWritten, position + bytesWritten)).bytesWritten;
}
