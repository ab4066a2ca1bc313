/**
 * One backup at a time for each data folder. The lock is SQLite's on a file of its own: it goes with its process, however that ends, and never
 * stays for a number that another process has got. `backup.lock` only tells people who holds it.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDamage, isFull, openSqlite, type Sqlite } from "../../base/sqlite.ts";
import { HoldfastError } from "../../protocol/errors.ts";

/** Throws `backup/running`. Dispose of it. */
export function lockRun(dataFolder: string): Disposable {
  const note = join(dataFolder, "backup.lock");
  const lock = takeLock(join(dataFolder, "lock.db"), note);
  writeFileSync(note, `${process.pid}\n`, { mode: 0o600 });
  return {
    [Symbol.dispose]: () => {
      rmSync(note, { force: true });
      lock.close();
    },
  };
}

function takeLock(path: string, note: string): Sqlite {
  try {
    return lockFile(path);
  } catch (cause) {
    if (isFull(cause)) throw new HoldfastError("disk/full", { path }, { cause });
    if (!isDamage(cause)) throw new HoldfastError("backup/running", { pid: holder(note) }, { cause });
    // There is nothing in it to lose.
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
    return lockFile(path);
  }
}

function lockFile(path: string): Sqlite {
  const db = openSqlite(path, { durability: "normal" });
  try {
    db.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function holder(note: string): string {
  try {
    return readFileSync(note, "utf8").trim() || "unknown";
  } catch {
    return "unknown";
  }
}
