/**
 * Blobs in a folder (format §9). A blob is written beside under `incoming/`, checked, synced, linked to its name and the folder synced;
 * a crash leaves nothing but a file in `incoming/`, which the next start removes.
 */
import { access, link, mkdir, open, readdir, readFile, rename, rm, stat, statfs, unlink } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { syncFolder } from "../../base/durable-file.ts";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Blobs, NewBlob } from "./blobs.ts";
import { asStorageError, codeOf } from "./disk-errors.ts";
import { pour } from "./pour.ts";
import { receiveChecked } from "./receive-checked.ts";
import { UploadRoom } from "./upload-room.ts";

const FREE_BYTES_MIN = 64 * 1024 * 1024;
const FREE_SHARE_MIN = 0.01;
/** Pages and records of a backup whose data is there already may use half of what else stays free. */
const SMALL_BYTES_MAX = 1024 * 1024;
const SMALL_SHARE = 0.5;
const FOLDERS_REMEMBERED_MAX = 100_000;

export interface FileBlobsOptions {
  readonly folder: string;
  readonly random: Random;
  /** Several processes write to the folder: this one receives in a folder of its own. */
  readonly node?: string | undefined;
  /** Room that must stay free on the disk: at least this and one percent; half of it for what is small. */
  readonly freeBytesMin?: number | undefined;
  /** At the same time; more are refused with `request/too-many`. */
  readonly uploadsMax?: number | undefined;
}

/** Makes the folder, and removes what an earlier process left half-made; nobody else may be writing to it. */
export async function clearStorage(folder: string): Promise<void> {
  await rm(join(folder, "incoming"), { recursive: true, force: true });
  await mkdir(join(folder, "incoming"), { recursive: true, mode: 0o700 });
}

/** In a folder that `clearStorage` has made. */
export function fileBlobs({
  folder,
  node,
  random,
  freeBytesMin = FREE_BYTES_MIN,
  uploadsMax,
}: FileBlobsOptions): Blobs {
  const incoming = join(folder, "incoming", node ?? "");
  const makeFolder = folderMaker(folder);
  const uploads = new UploadRoom({ uploadsMax });

  /** Of blobs that are being written: the disk doesn't show them yet. */
  let promisedBytes = 0;

  async function put(blob: NewBlob): Promise<{ known: boolean }> {
    promisedBytes += blob.sizeBytes;
    try {
      const share = blob.sizeBytes <= SMALL_BYTES_MAX ? SMALL_SHARE : 1;
      await needRoom(folder, promisedBytes, { freeBytesMin, share });
      return await write(blob);
    } finally {
      promisedBytes -= blob.sizeBytes;
    }
  }

  async function write(blob: NewBlob): Promise<{ known: boolean }> {
    const beside = join(incoming, `${random(12).toString("hex")}.part`);
    const path = pathOf(folder, blob.name);
    try {
      const file = await open(beside, "wx+", 0o600);
      try {
        await receiveChecked(file, blob, uploads);
        await file.sync();
      } finally {
        await file.close();
      }
      await makeFolder(dirname(path));
      const known = !(await publish(beside, path));
      await syncFolder(dirname(path));
      return { known };
    } catch (error) {
      throw asStorageError(error);
    } finally {
      await rm(beside, { force: true }).catch(() => undefined); // The next start removes what stays.
    }
  }

  return {
    put: (blob) => uploads.hold(() => put(blob)),
    async get(name) {
      const path = pathOf(folder, name);
      try {
        return await readFile(path);
      } catch (error) {
        throw asStorageError(error);
      }
    },
    async pour(name, range, write) {
      const path = pathOf(folder, name);
      try {
        await pour(await open(path, "r"), range, write);
      } catch (error) {
        throw asStorageError(error);
      }
    },
    async find(name) {
      const path = pathOf(folder, name);
      try {
        return { sizeBytes: (await stat(path)).size };
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw asStorageError(error);
      }
    },
    list: (below) => namesBelow(folder, below),
    async remove(name) {
      const path = pathOf(folder, name);
      await rm(path, { force: true });
      if (await exists(dirname(path))) await syncFolder(dirname(path));
    },
    async probe() {
      const path = join(incoming, `${random(12).toString("hex")}.probe`);
      const file = await open(path, "wx", 0o600);
      await file.close();
      await unlink(path);
    },
  };
}

/** False when the name was taken; names hold digests, so what is there is the same. */
async function publish(beside: string, path: string): Promise<boolean> {
  try {
    await link(beside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(codeOf(error))) throw error;
  }
  // A file system without hard links.
  if (await exists(path)) return false;
  await rename(beside, path);
  return true;
}

async function needRoom(
  folder: string,
  sizeBytes: number,
  { freeBytesMin, share }: { freeBytesMin: number; share: number },
): Promise<void> {
  const { bavail, bsize, blocks } = await statfs(folder).catch((error: unknown) => {
    throw asStorageError(error);
  });
  const keep = Math.max(freeBytesMin, blocks * bsize * FREE_SHARE_MIN);
  if (bavail * bsize - sizeBytes < keep * share) throw new HoldfastError("storage/full");
}

/** Makes folders with their names durable, and remembers which it has seen. */
function folderMaker(root: string): (path: string) => Promise<void> {
  const known = new Set<string>([root]);
  return async function make(path: string): Promise<void> {
    if (known.has(path)) return;
    const parent = dirname(path);
    await make(parent);
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    await syncFolder(parent);
    if (known.size < FOLDERS_REMEMBERED_MAX) known.add(path);
  };
}

async function* namesBelow(root: string, below: string): AsyncIterable<string> {
  const found = await readdir(pathOf(root, below), { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw asStorageError(error);
  });
  for (const each of found) {
    const name = posix.join(below, each.name);
    if (each.isDirectory()) yield* namesBelow(root, name);
    else yield name;
  }
}

/** Names come from ids, never from outside; this keeps a mistake inside the folder. */
function pathOf(folder: string, name: string): string {
  if (!/^[a-z0-9][a-z0-9/-]*$/.test(name))
    throw new HoldfastError("bug/invariant", { reason: "a blob's name is not safe" });
  return join(folder, ...name.split("/"));
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
