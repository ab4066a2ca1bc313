/**
 * A stretch of a file, handed on piece by piece: one piece is read while the one before is on its way. Pieces lie in buffers that are used again
 * and again; a new one for each piece would cost more in garbage than reading it.
 */
import type { FileHandle } from "node:fs/promises";
import { HoldfastError } from "../../protocol/errors.ts";
import type { ByteRange } from "./blobs.ts";

/** A piece is valid until the promise resolves. */
export type WritePiece = (piece: Uint8Array) => Promise<void>;

const PIECE_BYTES = 512 * 1024;
/** What is kept for the next ones; more than so many at a time are made and forgotten. */
const SPARE_MAX = 8;
const spare: Buffer[] = [];

export async function pour(file: FileHandle, { start, end }: ByteRange, write: WritePiece): Promise<void> {
  const buffers = [take(), take()] as const;
  let writing: Promise<void> = Promise.resolve();
  try {
    for (let at = start, turn = 0; at < end; turn++) {
      const buffer = turn % 2 === 0 ? buffers[0] : buffers[1];
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytesRead === 0) throw new HoldfastError("storage/failed", { reason: "a file is shorter than it was" });
      await writing;
      writing = write(buffer.subarray(0, bytesRead));
      writing.catch(() => undefined); // Seen when it is awaited.
      at += bytesRead;
    }
    await writing;
    for (const each of buffers) if (spare.length < SPARE_MAX) spare.push(each);
  } finally {
    // Whoever failed may still hold the buffers, so they are not given back then.
    await file.close();
  }
}

const take = (): Buffer => spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
