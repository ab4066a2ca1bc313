/**
 * All blobs from one store into another. The target checks each while it arrives; what it has already, in the right size, is not sent again. A blob
 * that is damaged or lost at its source stands in nobody's way: it is named, and the rest is copied.
 */
import { once } from "node:events";
import { PassThrough, type Readable } from "node:stream";
import PQueue from "p-queue";
import { sha256 } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { BLOB_FOLDERS, type Blobs } from "./blobs.ts";

const AT_A_TIME = 8;
/** More wait for their turn in memory, as names. */
const WAITING_MAX = 1000;
const PACKS = "packs/";

export interface Copied {
  readonly blobs: number;
  readonly bytes: number;
  /** Names of what is damaged at the source. */
  readonly damaged: readonly string[];
}

export async function copyBlobs(from: Blobs, to: Blobs, onBytes: (bytes: number) => void): Promise<Copied> {
  const queue = new PQueue({ concurrency: AT_A_TIME });
  const damaged: string[] = [];
  let [blobs, bytes] = [0, 0];
  let failure: { readonly error: unknown } | undefined;
  const copy = async (name: string) => {
    try {
      const sizeBytes = await copyOne(from, to, name);
      blobs++;
      bytes += sizeBytes;
      onBytes(sizeBytes);
    } catch (error) {
      if (error instanceof HoldfastError && error.code === "pack/corrupt") damaged.push(name);
      else failure ??= { error };
    }
  };
  for (const folder of BLOB_FOLDERS)
    for await (const name of from.list(folder)) {
      if (failure !== undefined) break;
      await queue.onSizeLessThan(WAITING_MAX);
      queue.add(() => copy(name)).catch(() => undefined); // It never throws.
    }
  await queue.onIdle();
  if (failure !== undefined) throw failure.error;
  return { blobs, bytes, damaged };
}

/** Every name there must be here, too, in the same size. Throws `storage/differs`. */
export async function compareBlobs(from: Blobs, to: Blobs, but: ReadonlySet<string>): Promise<void> {
  for (const folder of BLOB_FOLDERS)
    for await (const name of from.list(folder)) {
      if (but.has(name)) continue;
      const [source, target] = [await from.find(name), await to.find(name)];
      if (source !== undefined && source.sizeBytes !== target?.sizeBytes)
        throw new HoldfastError("storage/differs", {
          what: name,
          reason: `${source.sizeBytes} bytes here, ${target?.sizeBytes ?? "none"} there`,
        });
    }
}

async function copyOne(from: Blobs, to: Blobs, name: string): Promise<number> {
  const found = await from.find(name);
  if (found === undefined) return 0; // Removed since it was listed.
  const { sizeBytes } = found;
  if ((await to.find(name))?.sizeBytes === sizeBytes) return sizeBytes;
  if (name.startsWith(PACKS)) {
    const digest = Buffer.from(name.slice(-64), "hex");
    await to.put({ name, source: streamOf(from, name, sizeBytes), sizeBytes, digest });
  } else {
    const bytes = await from.get(name);
    const source = new PassThrough();
    source.end(bytes);
    await to.put({ name, source, sizeBytes: bytes.length, digest: sha256(bytes) });
  }
  return sizeBytes;
}

function streamOf(blobs: Blobs, name: string, sizeBytes: number): Readable {
  const stream = new PassThrough();
  const pouring = blobs.pour(name, { start: 0, end: sizeBytes }, async (piece) => {
    if (stream.destroyed) throw new HoldfastError("storage/failed", { reason: "the target takes no more" });
    // Copied: the piece's memory is used again as soon as this resolves.
    if (!stream.write(Buffer.from(piece))) await Promise.race([once(stream, "drain"), once(stream, "close")]);
  });
  pouring.then(
    () => stream.end(),
    (error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return stream;
}
