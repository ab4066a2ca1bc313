/** The only importer of `node:sqlite`: opens files with the settings that make a commit durable, and migrates them. */
import { chmodSync, closeSync, openSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

export type Sqlite = DatabaseSync;

export interface SqliteOptions {
  readonly readOnly?: boolean;
  /** "full": a commit survives a power cut. "normal": it survives a crash of the process; for caches only. */
  readonly durability: "full" | "normal";
  /** "rollback": one file alone between transactions, for disks of any kind, also read-only ones. Default: a log beside it. */
  readonly journal?: "log" | "rollback";
}

/** A new file is its owner's alone: whoever may only read it can take a lock on it and hold everybody up. */
export function openSqlite(path: string, options: SqliteOptions): Sqlite {
  if (!options.readOnly && path !== "" && path !== ":memory:") makePrivately(path);
  const db = new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: 10_000 });
  const journal = options.journal === "rollback" ? "DELETE" : "WAL";
  if (!options.readOnly) db.exec(`PRAGMA journal_mode = ${journal}`);
  db.exec(`PRAGMA synchronous = ${options.durability === "full" ? "FULL" : "NORMAL"}`);
  db.exec("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = 0; PRAGMA cell_size_check = 1");
  return db;
}

function makePrivately(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
  } catch {
    // SQLite says the same in its own words.
  }
}

/** Applies the statements that the file has not seen yet; the count lives in `user_version`. Forward only: throws when it has seen more. */
export function migrate(db: Sqlite, migrations: readonly string[]): void {
  const { user_version: seen } = db.prepare("PRAGMA user_version").get() as { user_version: number };
  if (seen > migrations.length) throw new Error("the database was written by a later version of this program");
  for (const [index, sql] of migrations.entries()) {
    if (index < seen) continue;
    transaction(db, () => {
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

/** What can be made again, readable by its owner alone: a file that SQLite can't use is begun anew. */
export function openCache(path: string, migrations: readonly string[]): Sqlite {
  try {
    return openMigrated(path, migrations);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return renewCache(path, migrations);
  }
}

/** Empty again. Nobody has it open. */
export function renewCache(path: string, migrations: readonly string[]): Sqlite {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  return openMigrated(path, migrations);
}

function openMigrated(path: string, migrations: readonly string[]): Sqlite {
  const db = openSqlite(path, { durability: "normal" });
  try {
    chmodSync(path, 0o600); // One of an earlier version may be open to others.
    migrate(db, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A consistent copy of a file that others may be writing to, in a file that must not be there yet. */
export function copySqlite(path: string, to: string): void {
  const db = openSqlite(path, { durability: "full", readOnly: true });
  try {
    db.prepare("VACUUM INTO ?").run(to);
  } finally {
    db.close();
  }
}

/** Every page and index is what it must be. */
export function checkSqlite(path: string): boolean {
  const db = openSqlite(path, { durability: "full", readOnly: true });
  try {
    const rows: unknown[] = db.prepare("PRAGMA integrity_check").all();
    return JSON.stringify(rows) === '[{"integrity_check":"ok"}]';
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    db.close();
  }
}

// SQLITE_CORRUPT and SQLITE_NOTADB; the lower byte, since there are extended forms.
const DAMAGE_CODES: ReadonlySet<number> = new Set([11, 26]);

// SQLITE_BUSY.
const BUSY_CODE = 5;

// SQLITE_FULL.
const FULL_CODE = 13;

/** The error, or what caused it, says that the file itself is damaged. */
export const isDamage = (error: unknown): boolean => DAMAGE_CODES.has(codeOf(error) ?? 0);

/** Another process has it. */
export const isBusy = (error: unknown): boolean => codeOf(error) === BUSY_CODE;

/** No room on its disk. */
export const isFull = (error: unknown): boolean => codeOf(error) === FULL_CODE;

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  return codeOf(error.cause);
}

/** Runs `work` in one transaction; it is rolled back when `work` throws. Not reentrant. */
export function transaction<T>(db: Sqlite, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
