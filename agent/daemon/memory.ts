/**
 * What the agent remembers of its own work, in `agent.db`: past runs, a pause, when it last looked at everything. A cache: losing it costs a walk and
 * the list of runs, no backup; what a full disk does not take is kept until there is room.
 */
import { join } from "node:path";
import { isDamage, openCache, renewCache, type Sqlite } from "../../base/sqlite.ts";
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
/** Runs that wait for room on the disk. */
const UNWRITTEN_MAX = 100;

export class DaemonMemory implements Disposable {
  readonly #path: string;
  #db: Sqlite;
  /** Newest last. */
  #unwrittenRuns: RunView[] = [];
  readonly #unwritten = new Map<string, unknown>();

  constructor(dataFolder: string) {
    this.#path = join(dataFolder, "agent.db");
    this.#db = openCache(this.#path, MIGRATIONS);
  }

  addRun(run: RunView): void {
    this.#unwrittenRuns = [...this.#unwrittenRuns, run].slice(-UNWRITTEN_MAX);
    this.#write();
  }

  /** Newest first. */
  runs(limit: number): RunView[] {
    const rows = this.#read((db) => db.prepare("SELECT run FROM runs ORDER BY number DESC LIMIT ?").all(limit)) ?? [];
    return [...this.#unwrittenRuns.toReversed(), ...rows.flatMap(asRun)].slice(0, limit);
  }

  findLast(to: RunView["to"], results?: readonly RunView["result"][]): RunView | undefined {
    const wanted = results ?? ["success", "incomplete", "failed", "cancelled"];
    const unwritten = this.#unwrittenRuns.findLast((run) => run.to === to && wanted.includes(run.result));
    if (unwritten) return unwritten;
    const sql = `SELECT run FROM runs WHERE target = ? AND result IN (SELECT value FROM json_each(?)) ORDER BY number DESC LIMIT 1`;
    const row = this.#read((db) => db.prepare(sql).get(to, JSON.stringify(wanted)));
    return row && asRun(row)[0];
  }

  find(name: string): unknown {
    if (this.#unwritten.has(name)) return this.#unwritten.get(name);
    const row = this.#read((db) => db.prepare("SELECT value FROM facts WHERE name = ?").get(name));
    return row === undefined ? undefined : parse(row.value);
  }

  /** JSON; `undefined` forgets it. */
  put(name: string, value: unknown): void {
    this.#unwritten.set(name, value);
    this.#write();
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  /** What is not written now is written with what comes next. */
  #write(): void {
    try {
      for (const [name, value] of this.#unwritten) {
        writeFact(this.#db, name, value);
        this.#unwritten.delete(name);
      }
      for (let run = this.#unwrittenRuns[0]; run; run = this.#unwrittenRuns[0]) {
        writeRun(this.#db, run);
        this.#unwrittenRuns.shift();
      }
    } catch (error) {
      if (isDamage(error)) this.#renew();
    }
  }

  #read<T>(ask: (db: Sqlite) => T): T | undefined {
    try {
      return ask(this.#db);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#renew();
      return undefined;
    }
  }

  #renew(): void {
    this.#db.close();
    this.#db = renewCache(this.#path, MIGRATIONS);
  }
}

function writeFact(db: Sqlite, name: string, value: unknown): void {
  if (value === undefined) db.prepare("DELETE FROM facts WHERE name = ?").run(name);
  else db.prepare("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)").run(name, JSON.stringify(value));
}

function writeRun(db: Sqlite, run: RunView): void {
  db.prepare("INSERT INTO runs (target, result, ended_at, run) VALUES (?, ?, ?, ?)").run(
    run.to,
    run.result,
    run.endedAt,
    JSON.stringify(run),
  );
  db.prepare("DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - ?").run(RUNS_MAX);
}

/** Nothing for a row that another version wrote. */
function asRun(row: Record<string, unknown>): RunView[] {
  const { success, data } = runView.safeParse(parse(row.run));
  return success ? [data] : [];
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
