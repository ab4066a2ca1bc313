/**
 * One process at a time for something in a data folder. The lock is SQLite's on a file of its own: it goes with its process, however that ends, and never
 * stays for a number that another process has got. A note beside it only tells people who holds it.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isBusy, isDamage, isFull, openSqlite, type Sqlite } from "../../base/sqlite.ts";
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";

export interface ProcessLockOptions {
  readonly dataFolder: string;
  /** Names in the data folder. */
  readonly lock: string;
  readonly note: string;
  /** What to throw when another process has it; `pid` as far as it is known. */
  readonly taken: (pid: string, cause: unknown) => HoldfastError;
}

/** Throws what `taken` gives, `disk/full`, `data/unwritable`. Dispose of it. */
export function takeProcessLock({ dataFolder, lock, note, taken }: ProcessLockOptions): Disposable {
  const [lockPath, notePath] = [join(dataFolder, lock), join(dataFolder, note)];
  let held: Sqlite | undefined;
  try {
    held = lockOrRenew(lockPath);
    writeFileSync(notePath, `${process.pid}\n`, { mode: 0o600 });
  } catch (cause) {
    held?.close();
    if (isBusy(cause)) throw taken(holder(notePath), cause);
    if (isFull(cause)) throw new HoldfastError("disk/full", { path: lockPath }, { cause });
    throw new HoldfastError("data/unwritable", { path: dataFolder, reason: systemReason(cause) }, { cause });
  }
  const db = held;
  return {
    [Symbol.dispose]: () => {
      rmSync(notePath, { force: true });
      db.close();
    },
  };
}

function lockOrRenew(path: string): Sqlite {
  try {
    return lockFile(path);
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
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
