/** From a copy of the service back to a service: into a folder that has neither database nor keys; what was backed up stays or comes from elsewhere. */
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256Stream } from "../../base/digest.ts";
import { syncFolder, writeDurably } from "../../base/durable-file.ts";
import { checkSqlite } from "../../base/sqlite.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { readSealed } from "./sealed-file.ts";

/** Throws `self-backup/in-the-way` before anything is written, `self-backup/unusable` with nothing left behind. */
export async function restoreSelf(
  from: string,
  { passphrase, database, keysFolder }: { passphrase: string; database: string; keysFolder: string },
): Promise<Manifest> {
  await refuseIfUsed(database, keysFolder);
  await mkdir(dirname(database), { recursive: true, mode: 0o700 });
  await mkdir(keysFolder, { recursive: true, mode: 0o700 });
  const beside = `${database}.part`;
  try {
    const manifest = await pour(from, passphrase, beside);
    if (!checkSqlite(beside)) throw unusable(from, "its database is damaged");
    for (const [name, text] of Object.entries(manifest.keys))
      await writeDurably(join(keysFolder, name), Buffer.from(text), { mode: name.endsWith(".crt") ? 0o644 : 0o600 });
    // The database names these keys, so they must be durable first.
    await rename(beside, database);
    await syncFolder(dirname(database));
    return manifest;
  } finally {
    await rm(beside, { force: true });
  }
}

async function refuseIfUsed(database: string, keysFolder: string): Promise<void> {
  const names = async (folder: string) => await readdir(folder).catch((): string[] => []);
  const isUsed = (await names(dirname(database))).some((name) => database === join(dirname(database), name));
  const hasKeys = (await names(keysFolder)).some((name) => name.endsWith(".key"));
  if (isUsed) throw new HoldfastError("self-backup/in-the-way", { path: database });
  if (hasKeys) throw new HoldfastError("self-backup/in-the-way", { path: keysFolder });
}

async function pour(from: string, passphrase: string, to: string): Promise<Manifest> {
  const pieces = readSealed(from, passphrase);
  const first = await pieces.next();
  const manifest = parseManifest(first.done ? Buffer.alloc(0) : first.value, from);
  const hash = sha256Stream();
  const file = await open(to, "w", 0o600);
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      await file.write(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (hash.digest("hex") !== manifest.database.sha256) throw unusable(from, "its database is not what was copied");
  return manifest;
}

const unusable = (path: string, reason: string): HoldfastError =>
  new HoldfastError("self-backup/unusable", { path, reason });
