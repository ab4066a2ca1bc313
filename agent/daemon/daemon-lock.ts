/** One agent for each data folder, as long as its process lives. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSqlite } from "../../base/sqlite.ts";
import { HoldfastError } from "../../protocol/errors.ts";

/** Throws `agent/running`. Dispose of it. */
export function lockDaemon(dataFolder: string): Disposable {
  const note = join(dataFolder, "agent.pid");
  const db = openSqlite(join(dataFolder, "agent-lock.db"), { durability: "normal" });
  try {
    db.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    throw new HoldfastError("agent/running", { pid: holder(note) }, { cause });
  }
  writeFileSync(note, `${process.pid}\n`, { mode: 0o600 });
  return {
    [Symbol.dispose]: () => {
      rmSync(note, { force: true });
      db.close();
    },
  };
}

function holder(note: string): string {
  try {
    return readFileSync(note, "utf8").trim() || "unknown";
  } catch {
    return "unknown";
  }
}
