/**
 * The service's own copy: database and keys in one sealed file, made while the service runs, read back before it counts. Bytes that were backed up
 * are not in it: they lie in the storage, sealed already.
 */
import { createReadStream } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { sha256Stream } from "../../base/digest.ts";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { VERSION } from "../../protocol/version.ts";
import type { CopyDatabase } from "./copy-database.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { PIECE_BYTES_MAX, readSealed, type SealOptions, writeSealed } from "./sealed-file.ts";

export interface SelfBackup {
  readonly path: string;
  readonly databaseBytes: number;
  readonly keys: readonly string[];
}

export interface BackUpSelfOptions extends Pick<SealOptions, "passphrase" | "cost"> {
  readonly copyDatabase: CopyDatabase;
  /** Where the copy lies for a moment, unsealed: a path that is free, on a disk with room for it. */
  readonly scratch: string;
  readonly keysFolder: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** `to`: a folder, in which the copy is named after the time, or the file to be. Throws `self-backup/in-the-way`, `self-backup/unusable`. */
export async function backUpSelf(to: string, options: BackUpSelfOptions): Promise<SelfBackup> {
  const { copyDatabase, clock, random } = options;
  const now = new Date(clock.now()).toISOString();
  const path = (await isFolder(to)) ? join(to, `holdfast-${now.replaceAll(":", "-").slice(0, 19)}.self-backup`) : to;
  const copy = `${options.scratch}-${random(4).toString("hex")}`;
  try {
    await copyDatabase(copy);
    const keys = await readKeys(options.keysFolder);
    const { size } = await stat(copy);
    const manifest: Manifest = {
      createdAt: now,
      serviceVersion: VERSION,
      keys,
      database: { bytes: size, sha256: await digestOf(createReadStream(copy)) },
    };
    await writeSealed(path, pieces(manifest, copy), options);
    await readBack(path, options.passphrase);
    return { path, databaseBytes: size, keys: Object.keys(keys) };
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) await rm(copy + suffix, { force: true });
  }
}

/** Opens every piece and compares what they are together: a copy that nobody has read is a hope. */
export async function readBack(path: string, passphrase: string): Promise<Manifest> {
  const read = readSealed(path, passphrase);
  const first = await read.next();
  const manifest = parseManifest(first.done ? Buffer.alloc(0) : first.value, path);
  if ((await digestOf(read)) !== manifest.database.sha256)
    throw new HoldfastError("self-backup/unusable", { path, reason: "its database is not what was copied" });
  return manifest;
}

async function* pieces(manifest: Manifest, database: string): AsyncGenerator<Buffer> {
  yield Buffer.from(JSON.stringify(manifest));
  // A stream of bytes gives buffers.
  for await (const piece of createReadStream(database, { highWaterMark: PIECE_BYTES_MAX })) yield piece as Buffer;
}

async function digestOf(source: AsyncIterable<Buffer>): Promise<string> {
  const hash = sha256Stream();
  for await (const piece of source) hash.update(piece);
  return hash.digest("hex");
}

async function readKeys(folder: string): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort())
    if (/^[a-z-]+\.(key|crt)$/.test(name)) keys[name] = await readFile(join(folder, name), "utf8");
  return keys;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
