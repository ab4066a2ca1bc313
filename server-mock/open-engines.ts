/** Opens rows, bytes and turns: SQLite and a folder, or what the settings name. What isn't asked for isn't loaded. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { Random } from "../base/random.ts";
import { isDamage } from "../base/sqlite.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { Blobs } from "./blobs/blobs.ts";
import { fileBlobs } from "./blobs/file-blobs.ts";
import { databasePath, storagePath } from "./data-folder.ts";
import { acrossProcesses } from "./domain/across-processes.ts";
import { type OneAtATime, oneAtATime } from "./domain/one-at-a-time.ts";
import { alone, type Processes, sharing } from "./domain/processes.ts";
import type { Engines } from "./engines.ts";
import type { Records } from "./records/records.ts";
import { sqliteRecords } from "./records/sql/sql-records.ts";

export interface OpenEngineOptions {
  readonly data: string;
  readonly engines: Engines;
  readonly clock: Clock;
  readonly random: Random;
  readonly freeBytesMin?: number | undefined;
}

export interface OpenedEngines {
  /** Closing them closes everything. */
  readonly records: Records;
  readonly blobs: Blobs;
  readonly inTurn: OneAtATime;
  readonly processes: Processes;
}

/** Throws `config/invalid`, `storage/failed`. */
export async function openEngines(options: OpenEngineOptions): Promise<OpenedEngines> {
  const rows = await openRows(options);
  const { records, processes } = rows;
  const close = async () => {
    await processes.leave();
    await rows.close();
  };
  try {
    const { blobs, close: closeBlobs } = await openBlobs(options, rows);
    const closeAll = async () => {
      await close();
      closeBlobs();
    };
    return { records: { ...records, close: closeAll }, blobs, inTurn: rows.inTurn, processes };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes what processes that ended left half-received. */
export async function clearIncoming(data: string, { bucket }: Engines, processes: Processes): Promise<void> {
  const folder = incomingPath(data, bucket !== undefined);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const node of await readdir(folder))
    if (await processes.hasEnded(node)) await rm(join(folder, node), { recursive: true, force: true });
}

const incomingPath = (data: string, isBucket: boolean): string => join(isBucket ? data : storagePath(data), "incoming");

interface Rows {
  readonly records: Records;
  readonly inTurn: OneAtATime;
  readonly processes: Processes;
  close(): Promise<void>;
}

async function openRows({ data, engines: { databaseUrl: url }, clock, random }: OpenEngineOptions): Promise<Rows> {
  if (url === undefined) {
    const records = openSqliteRecords(databasePath(data), random);
    return { records, inTurn: oneAtATime(), processes: alone(records), close: () => records.close() };
  }
  const { postgresRecords } = await import("./records/sql/postgres-records.ts");
  const { postgresLocks } = await import("./records/sql/postgres-locks.ts");
  const records = await postgresRecords({ url, random });
  const locks = postgresLocks({ url, random });
  const close = async () => {
    await locks.close();
    await records.close();
  };
  try {
    const processes = await sharing(records, locks, clock);
    return { records, inTurn: acrossProcesses(oneAtATime(), locks), processes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openBlobs(
  { data, engines: { bucket }, random, freeBytesMin }: OpenEngineOptions,
  { records: { node }, processes }: Rows,
): Promise<{ blobs: Blobs; close: () => void }> {
  if (bucket === undefined) {
    const own = processes.isShared ? { node } : {};
    if (processes.isShared) await mkdir(join(incomingPath(data, false), node), { recursive: true, mode: 0o700 });
    const blobs = fileBlobs({ folder: storagePath(data), random, freeBytesMin, ...own });
    return { blobs, close: () => undefined };
  }
  const { s3Blobs } = await import("./blobs/s3-blobs.ts");
  const incoming = join(incomingPath(data, true), node);
  const blobs = await s3Blobs({ place: bucket, incoming, random });
  return { blobs, close: () => blobs.close() };
}

function openSqliteRecords(path: string, random: Random): Records {
  try {
    return sqliteRecords(path, random);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const reason = "it is damaged; bring it back from its copy";
    throw new HoldfastError("config/invalid", { setting: `the database ${path}`, reason }, { cause: error });
  }
}
