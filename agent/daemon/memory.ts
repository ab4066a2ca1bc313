/**
 * What the agent remembers of its own work, in `agent.db`: past runs, a pause, when it last looked at everything. A cache: losing it costs a walk and
 * the list of runs, no backup.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isDamage, migrate, openSqlite, type Sqlite } from "../../base/sqlite.ts";
import { type RunView, runView } from "../control/messages.ts";

const MIGRATIONS = [
  `CREATE TABLE runs (
     number INTEGER PRIMARY KEY,
     target TEXT NOT NULL,
     result TEXT NOT NULL,
     ended_at INTEGER NOT NULL,
     run TEXT NOT NULL
   );
   CREATE INDEX runs_by_result ON runs (target, result, ended_at);
   CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
];
const RUNS_MAX = 2000;

export class DaemonMemory implements Disposable {
  readonly #db: Sqlite;

  constructor(dataFolder: string) {
    const path = join(dataFolder, "agent.db");
    try {
      this.#db = open(path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
      this.#db = open(path);
    }
  }

  addRun(run: RunView): void {
    this.#db
      .prepare("INSERT INTO runs (target, result, ended_at, run) VALUES (?, ?, ?, ?)")
      .run(run.to, run.result, run.endedAt, JSON.stringify(run));
    this.#db.prepare("DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - ?").run(RUNS_MAX);
  }

  /** Newest first. */
  runs(limit: number): RunView[] {
    return this.#db.prepare("SELECT run FROM runs ORDER BY number DESC LIMIT ?").all(limit).map(asRun);
  }

  findLast(to: RunView["to"], results?: readonly RunView["result"][]): RunView | undefined {
    const wanted = results ?? ["success", "incomplete", "failed", "cancelled"];
    const row = this.#db
      .prepare(
        `SELECT run FROM runs WHERE target = ? AND result IN (SELECT value FROM json_each(?)) ORDER BY number DESC LIMIT 1`,
      )
      .get(to, JSON.stringify(wanted));
    return row && asRun(row);
  }

  find(name: string): unknown {
    const row = this.#db.prepare("SELECT value FROM facts WHERE name = ?").get(name);
    return row === undefined ? undefined : JSON.parse(String(row.value));
  }

  /** JSON; `undefined` forgets it. */
  put(name: string, value: unknown): void {
    if (value === undefined) this.#db.prepare("DELETE FROM facts WHERE name = ?").run(name);
    else this.#db.prepare("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)").run(name, JSON.stringify(value));
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

function open(path: string): Sqlite {
  const db = openSqlite(path, { durability: "normal" });
  try {
    migrate(db, MIGRATIONS);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const asRun = (row: Record<string, unknown>): RunView => runView.parse(JSON.parse(String(row.run)));
