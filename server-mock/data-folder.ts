/**
 * The service's folder: `holdfast.db`, `storage/` (format §9) and `keys/`. The keys lie apart, so that they can be kept apart; whoever copies
 * database and storage alone can open nothing.
 */
import { rmSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "../base/durable-file.ts";
import type { Random } from "../base/random.ts";
import { isDamage, openSqlite, type Sqlite } from "../base/sqlite.ts";
import { systemReason } from "../base/system-reason.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { type ServiceKeys, serviceKeys } from "./domain/service-keys.ts";
import { type Certificate, makeCertificate } from "./http/certificate.ts";

export const databasePath = (data: string): string => join(data, "holdfast.db");
export const storagePath = (data: string): string => join(data, "storage");

export const keysFolder = (data: string): string => join(data, "keys");

const keysPath = (data: string, name: string): string => join(keysFolder(data), name);

export async function makeDataFolder(data: string): Promise<void> {
  try {
    for (const folder of [data, join(data, "keys"), storagePath(data)])
      await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const setting = `the data folder ${data}`;
    throw new HoldfastError("config/invalid", { setting, reason: systemReason(error) }, { cause: error });
  }
}

/** One service per folder: the lock goes with the process, however it ends. Throws `service/running`. */
export function lockDataFolder(data: string): { release(): void } {
  const db = openLock(join(data, "lock.db"));
  try {
    db.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    throw new HoldfastError("service/running", { path: data }, { cause: error });
  }
  return { release: () => db.close() };
}

function openLock(path: string): Sqlite {
  try {
    return openSqlite(path, { durability: "normal" });
  } catch (error) {
    if (!isDamage(error)) throw error;
    // There is nothing in it to lose, and nobody can hold what is no database.
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
    return openSqlite(path, { durability: "normal" });
  }
}

/** `isNew`: nothing was ever sealed to these keys, so they may be made; else a lost key must be brought back, not replaced. */
export async function openKeys(
  data: string,
  options: { random: Random; isNew: boolean; folder?: string | undefined },
): Promise<ServiceKeys> {
  const pathOf = (name: string) => (options.folder === undefined ? keysPath(data, name) : join(options.folder, name));
  if (options.folder !== undefined) await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const secret = async (name: string): Promise<Buffer> => {
    const found = await readKey(pathOf(name));
    if (found !== undefined) return found;
    if (!options.isNew) {
      const reason = "it is missing, and backups depend on it; bring it back from where it was kept";
      throw new HoldfastError("config/invalid", { setting: `the key ${pathOf(name)}`, reason });
    }
    const made = options.random(32);
    await writeDurably(pathOf(name), Buffer.from(`${made.toString("hex")}\n`), { mode: 0o600 });
    return made;
  };
  const secrets = { kek: await secret("key-encryption.key"), receiptSeed: await secret("receipt.key") };
  return serviceKeys(secrets, options.random);
}

/** Made at the first start beyond loopback, then kept. */
export async function openCertificate(
  data: string,
  options: { hosts: readonly string[]; now: number; random: Random },
): Promise<Certificate> {
  const [keyPath, certPath] = [keysPath(data, "tls.key"), keysPath(data, "tls.crt")];
  const [key, cert] = [await readText(keyPath), await readText(certPath)];
  if (key !== undefined && cert !== undefined) return { key, cert };
  const made = await makeCertificate(options.hosts, options.now, options.random);
  await writeDurably(certPath, Buffer.from(made.cert), { mode: 0o644 });
  await writeDurably(keyPath, Buffer.from(made.key), { mode: 0o600 });
  return made;
}

async function readKey(path: string): Promise<Buffer | undefined> {
  const text = (await readText(path))?.trim();
  if (text === undefined) return undefined;
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new HoldfastError("config/invalid", {
      setting: `the key ${path}`,
      reason: "it is not 64 hexadecimal digits",
    });
  return Buffer.from(text, "hex");
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new HoldfastError("config/invalid", { setting: path, reason: systemReason(error) }, { cause: error });
  }
}
