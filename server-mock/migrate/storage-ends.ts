/** The two ends of a move: where rows and bytes are now, and where they shall be. */
import { access, copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Blobs } from "../blobs/blobs.ts";
import { clearStorage, fileBlobs } from "../blobs/file-blobs.ts";
import type { S3Place } from "../blobs/s3-place.ts";
import { databasePath, keysFolder, lockDataFolder, makeDataFolder, storagePath } from "../data-folder.ts";
import type { Engines } from "../engines.ts";
import type { OpenDatabase } from "../records/sql/copy-tables.ts";
import { openSqliteTables } from "../records/sql/sql-records.ts";

/** A data folder, and what is kept elsewhere. */
export interface End {
  readonly data: string;
  readonly engines: Engines;
}

/** A service that was silent for so long is not running. */
const DEAD_MS = 60_000;

export async function openDatabase({ data, engines: { databaseUrl: url } }: End): Promise<OpenDatabase> {
  if (url === undefined) return { ...openSqliteTables(databasePath(data)), engine: "sqlite" };
  const { openPostgresTables } = await import("../records/sql/postgres-records.ts");
  return { ...(await openPostgresTables({ url })), engine: "postgres" };
}

export interface OpenStore {
  readonly blobs: Blobs;
  close(): void;
}

export async function openStore({ data, engines: { bucket } }: End, random: Random): Promise<OpenStore> {
  if (bucket === undefined) {
    const folder = storagePath(data);
    await clearStorage(folder);
    return { blobs: fileBlobs({ folder, random }), close: () => undefined };
  }
  const { s3Blobs } = await import("../blobs/s3-blobs.ts");
  const incoming = join(data, "incoming", `move-${random(8).toString("hex")}`);
  const blobs = await s3Blobs({ place: bucket, incoming, random });
  return { blobs, close: () => blobs.close() };
}

/** Nobody else may be at work on either end while they are compared. Throws `service/running`. */
export async function keepServicesAway(end: End, database: OpenDatabase, clock: Clock): Promise<{ release(): void }> {
  if (end.engines.databaseUrl === undefined) return lockDataFolder(end.data);
  const running = await database.sql
    .selectFrom("nodes")
    .select("id")
    .where("seenAt", ">=", clock.now() - DEAD_MS)
    .execute();
  if (running.length > 0) throw new HoldfastError("service/running", { path: "the database" });
  return { release: () => undefined };
}

/** Throws `config/invalid` when there is no installation. */
export async function needInstallation({ data, engines }: End): Promise<void> {
  if (engines.databaseUrl !== undefined) return;
  await access(databasePath(data)).catch((error: unknown) => {
    const reason = "there is no service in it";
    throw new HoldfastError("config/invalid", { setting: `the data folder ${data}`, reason }, { cause: error });
  });
}

/** A new data folder opens nothing without the keys. */
export async function copyKeys(from: End, to: End): Promise<void> {
  const [source, target] = [keysOf(from), keysOf(to)];
  if (source === target) return;
  await mkdir(target, { recursive: true, mode: 0o700 });
  for (const name of await readdir(source)) await copyFile(join(source, name), join(target, name));
}

const keysOf = ({ data, engines }: End): string => engines.keys ?? keysFolder(data);

export const makeEnd = ({ data }: End): Promise<void> => makeDataFolder(data);

export const sameBucket = (a: S3Place | undefined, b: S3Place | undefined): boolean =>
  a?.bucket === b?.bucket && a?.prefix === b?.prefix && a?.endpoint === b?.endpoint;
