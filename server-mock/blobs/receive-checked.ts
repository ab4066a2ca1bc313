/** A blob into an open file, and proof that it is what was announced, before it gets its name. */
import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { posix } from "node:path";
import { equalSecrets } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { NewBlob, ReadBytes } from "./blobs.ts";
import { type Received, type ReceiveOptions, receive } from "./receive.ts";

/** Throws `pack/corrupt`, and what the inspection throws. */
export async function receiveChecked(
  file: FileHandle,
  blob: NewBlob,
  room: ReceiveOptions["room"],
  options: Pick<ReceiveOptions, "withMd5"> = {},
): Promise<Received> {
  const received = await receive(file, blob.source, { ...options, sizeBytesMax: blob.sizeBytes, room });
  const corrupt = (reason: string) => new HoldfastError("pack/corrupt", { pack: posix.basename(blob.name), reason });
  if (received.sizeBytes !== blob.sizeBytes) throw corrupt("its length is not the announced one");
  if (!equalSecrets(received.digest, blob.digest)) throw corrupt("its bytes are not those of its name");
  blob.inspect?.(reader(file));
  return received;
}

const reader =
  (file: FileHandle): ReadBytes =>
  (offset, length) => {
    // Synchronous: a few kilobytes that were written a moment ago and are still in memory.
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const count = readSync(file.fd, bytes, at, length - at, offset + at);
      if (count === 0) throw new HoldfastError("storage/failed", { reason: "a file is shorter than what was written" });
      at += count;
    }
    return bytes;
  };
