/**
 * What changed since the last backup, kept in `watch.db` so that a restart knows of it. What comes while a backup runs is for the next one; a backup
 * that fails settles nothing. A cache: whoever loses it walks over everything, and so does whoever starts, since nobody watched before. While its disk
 * is full, what comes waits in memory; nothing is forgotten, and nobody who notes a change is stopped.
 */
import { isUtf8 } from "node:buffer";
import type { Clock } from "../../base/clock.ts";
import { isFull, openCache, type Sqlite, transaction } from "../../base/sqlite.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { collapse, type Mark, merged } from "./collapse.ts";
import type { GapReason, Reach } from "./messages.ts";

export interface DirtyChange {
  /** Absolute; bytes where it is not UTF-8. */
  readonly path: string | Buffer;
  readonly isDeep: boolean;
  /** Not what lies in it, if it is a folder. */
  readonly isItselfOnly?: boolean;
}

/** Why nobody may rely on the changes alone. `start`: nobody watched before. */
export type WalkReason = GapReason | "start";

export interface Taken {
  /** For `settle`. */
  readonly generation: number;
  readonly changes: readonly { readonly path: string | Buffer; readonly isDeep: boolean }[];
  /** Everything must be looked at. */
  readonly walk: { readonly reason: WalkReason; readonly since: number } | undefined;
}

export interface DirtyPathsOptions {
  readonly path: string;
  readonly clock: Clock;
  /** More become folders. */
  readonly rowsMax?: number;
}

const ROWS_MAX = 10_000;

const MIGRATIONS = [
  `CREATE TABLE places (path BLOB PRIMARY KEY, reach TEXT NOT NULL, generation INTEGER NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE gaps (reason TEXT PRIMARY KEY, generation INTEGER NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
   INSERT INTO state VALUES ('generation', 1), ('newest', 0);`,
];

export class DirtyPaths implements Disposable {
  readonly #path: string;
  readonly #db: Sqlite;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #clock: Clock;
  readonly #rowsMax: number;
  #waiting: DirtyChange[] = [];
  /** Not written yet, since when. */
  readonly #waitingGaps = new Map<WalkReason, number>();
  #waitingSince: number | undefined;
  #flush: NodeJS.Immediate | undefined;
  #count: number;
  #generation: number;
  #newestAt: number | undefined;

  /** A file that SQLite can't use is begun anew. */
  constructor({ path, clock, rowsMax = ROWS_MAX }: DirtyPathsOptions) {
    this.#path = path;
    this.#db = openCache(path, MIGRATIONS);
    this.#statements = prepare(this.#db);
    this.#clock = clock;
    this.#rowsMax = rowsMax;
    this.#generation = stateOf(this.#statements, "generation") ?? 1;
    this.#newestAt = stateOf(this.#statements, "newest") || undefined;
    this.#count = Number(this.#statements.count.get()?.n);
    this.markGap("start");
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Durable within a turn of the loop: what comes together is written together. A kill loses no more, and a start walks anyway. */
  add(changes: readonly DirtyChange[]): void {
    for (const change of changes) this.#waiting.push(change);
    this.#newestAt = this.#clock.now();
    this.#waitingSince ??= this.#newestAt;
    this.#flush ??= setImmediate(() => this.#tryWrite());
  }

  markGap(reason: WalkReason): void {
    this.#newestAt = this.#clock.now();
    this.#waitingSince ??= this.#newestAt;
    if (!this.#waitingGaps.has(reason)) this.#waitingGaps.set(reason, this.#newestAt);
    this.#tryWrite();
  }

  /** Everything that is not settled. What comes from now on is for the next time. Throws `disk/full`; nothing is lost then. */
  take(): Taken {
    this.#write();
    const generation = this.#generation;
    const rows = this.#statements.all.all() as unknown as PlaceRow[];
    const gap = this.#statements.firstGap.get() as GapRow | undefined;
    this.#generation = generation + 1;
    this.#statements.setState.run("generation", this.#generation);
    return {
      generation,
      changes: rows.map(({ path, reach }) => ({ path: textOrBytes(path), isDeep: reach === "deep" })),
      walk: gap && { reason: gap.reason, since: gap.since },
    };
  }

  /** A backup has looked at all that `take` gave: at everything, if that said so. Throws `disk/full`: then it was in vain. */
  settle(generation: number): void {
    this.#write();
    transaction(this.#db, () => {
      this.#statements.settle.run(generation);
      this.#statements.settleGaps.run(generation);
    });
    this.#count = Number(this.#statements.count.get()?.n);
  }

  /** When the first change came that no backup has looked at, in milliseconds since 1970. */
  get pendingSince(): number | undefined {
    this.#tryWrite();
    const { since } = this.#statements.oldest.get() as { since: number | null };
    return since ?? this.#waitingSince;
  }

  /** When the last change or gap came, settled or not. */
  get newestAt(): number | undefined {
    return this.#newestAt;
  }

  /** Places that no backup has looked at. */
  get count(): number {
    this.#tryWrite();
    return this.#count + this.#waiting.length;
  }

  close(): void {
    if (!this.#db.isOpen) return;
    this.#tryWrite();
    this.#db.close();
  }

  /** What can't be written now waits for the next time, or for whoever needs it. */
  #tryWrite(): void {
    try {
      this.#write();
    } catch {
      if (this.#waiting.length <= this.#rowsMax) return;
      // More than is kept in any case: then everything is looked at.
      this.#waiting = [];
      this.#waitingGaps.set("overflow", this.#clock.now());
    }
  }

  /** All or nothing. Throws `disk/full`. */
  #write(): void {
    if (this.#flush) clearImmediate(this.#flush);
    this.#flush = undefined;
    const since = this.#waitingSince;
    if (since === undefined) return;
    const countBefore = this.#count;
    try {
      transaction(this.#db, () => this.#writeWaiting(since));
    } catch (cause) {
      this.#count = countBefore;
      throw isFull(cause) ? new HoldfastError("disk/full", { path: this.#path }, { cause }) : cause;
    }
    this.#waiting = [];
    this.#waitingGaps.clear();
    this.#waitingSince = undefined;
  }

  #writeWaiting(since: number): void {
    for (const { path, isDeep, isItselfOnly } of this.#waiting) {
      const reach: Reach = isDeep ? "deep" : isItselfOnly ? "itself" : "entries";
      this.#put(Buffer.from(path), { reach, generation: this.#generation, since });
    }
    for (const [reason, at] of this.#waitingGaps) this.#statements.addGap.run(reason, this.#generation, at);
    this.#statements.setState.run("newest", this.#newestAt ?? since);
    if (this.#count > this.#rowsMax) this.#collapse();
  }

  #put(path: Buffer, mark: Mark): void {
    const known = this.#statements.find.get(path) as MarkRow | undefined;
    const { reach, generation, since } = known ? merged(known, mark) : mark;
    this.#statements.put.run(path, reach, generation, since);
    if (!known) this.#count++;
  }

  /** To half, so that it is not done for each change. */
  #collapse(): void {
    const rows = this.#statements.all.all() as unknown as PlaceRow[];
    const places = new Map(rows.map(({ path, ...mark }) => [Buffer.from(path).toString("latin1"), mark]));
    const fewer = collapse(places, this.#rowsMax / 2);
    this.#statements.clear.run();
    this.#count = 0;
    for (const [path, mark] of fewer) this.#put(Buffer.from(path, "latin1"), mark);
  }
}

interface MarkRow extends Mark {}
interface PlaceRow extends Mark {
  readonly path: Uint8Array;
}
interface GapRow {
  readonly reason: WalkReason;
  readonly since: number;
}

const prepare = (db: Sqlite) => ({
  all: db.prepare("SELECT path, reach, generation, since FROM places ORDER BY path"),
  find: db.prepare("SELECT reach, generation, since FROM places WHERE path = ?"),
  put: db.prepare("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)"),
  clear: db.prepare("DELETE FROM places"),
  count: db.prepare("SELECT count(*) AS n FROM places"),
  settle: db.prepare("DELETE FROM places WHERE generation <= ?"),
  addGap: db.prepare(
    "INSERT INTO gaps VALUES (?, ?, ?) ON CONFLICT (reason) DO UPDATE SET generation = excluded.generation",
  ),
  firstGap: db.prepare("SELECT reason, since FROM gaps ORDER BY since, reason LIMIT 1"),
  settleGaps: db.prepare("DELETE FROM gaps WHERE generation <= ?"),
  oldest: db.prepare("SELECT min(since) AS since FROM (SELECT since FROM places UNION ALL SELECT since FROM gaps)"),
  getState: db.prepare("SELECT value FROM state WHERE name = ?"),
  setState: db.prepare("UPDATE state SET value = ?2 WHERE name = ?1"),
});

const stateOf = (statements: ReturnType<typeof prepare>, name: string): number | undefined =>
  statements.getState.get(name)?.value as number | undefined;

function textOrBytes(path: Uint8Array): string | Buffer {
  const bytes = Buffer.from(path);
  return isUtf8(bytes) ? bytes.toString() : bytes;
}
