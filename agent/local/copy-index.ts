/**
 * The index of a local copy: which packs there are, where chunks lie in them and what pages refer to. A cache: packs and records say all of
 * it, and `agree.ts` makes it anew. One file without a log beside it, so that it works on any file system and can be read from a read-only disk.
 */
import { migrate, openSqlite, type Sqlite, transaction } from "../../base/sqlite.ts";
import type { PackFrame } from "../../protocol/pack-format.ts";

const MIGRATIONS = [
  `CREATE TABLE packs (
     number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, sizeBytes INTEGER NOT NULL, sessions BLOB NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('staged', 'live', 'condemned')));
   CREATE TABLE chunks (
     id BLOB NOT NULL, pack INTEGER NOT NULL, session INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
     links BLOB NOT NULL, PRIMARY KEY (id, pack)) WITHOUT ROWID;
   CREATE INDEX chunksOfPack ON chunks (pack);
   CREATE TABLE snapshots (
     sequence INTEGER PRIMARY KEY, record BLOB NOT NULL, root BLOB NOT NULL, claimedAt INTEGER NOT NULL,
     incomplete INTEGER NOT NULL, files INTEGER NOT NULL, bytes INTEGER NOT NULL, pruned INTEGER NOT NULL);
   CREATE TABLE losses (losses INTEGER NOT NULL);
   INSERT INTO losses VALUES (0);`,
];

export interface IndexedPack {
  readonly number: number;
  /** 32 bytes. */
  readonly id: Buffer;
  readonly sizeBytes: number;
  readonly state: "staged" | "live" | "condemned";
}

export interface IndexedSnapshot {
  readonly sequence: number;
  readonly record: Buffer;
  readonly root: Buffer;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly claimedAt: number;
  readonly incomplete: boolean;
  /** As the run said; 0 when the index was made anew: only the sealed body says it. */
  readonly files: number;
  readonly bytes: number;
  readonly pruned: boolean;
}

export interface ChunkPlace {
  readonly pack: Buffer;
  readonly sessions: Buffer;
  readonly session: number;
  readonly offset: number;
  readonly length: number;
}

export class CopyIndex {
  readonly #db: Sqlite;
  readonly #statements: ReturnType<typeof prepare>;

  /** An empty path is a file that goes with this process. */
  constructor(path: string, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
    this.#db = openSqlite(path, { durability: "full", journal: "rollback", readOnly });
    try {
      if (!readOnly) migrate(this.#db, MIGRATIONS);
      checkTables(this.#db);
      this.#statements = prepare(this.#db);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  addPack(id: Buffer, sizeBytes: number, frame: PackFrame, state: "staged" | "live" = "staged"): void {
    transaction(this.#db, () => {
      const { addPack, addChunk } = this.#statements;
      const { lastInsertRowid } = addPack.run(id, sizeBytes, Buffer.concat(frame.sessions), state);
      for (const { id: chunk, session, offset, length, links } of frame.chunks)
        addChunk.run(chunk, lastInsertRowid, session, offset, length, links);
    });
  }

  findPack(id: Buffer): IndexedPack | undefined {
    const row = this.#statements.findPack.get(id) as PackRow | undefined;
    return row && packOf(row);
  }

  packs(): IndexedPack[] {
    return (this.#statements.listPacks.all() as unknown as PackRow[]).map(packOf); // As the query says.
  }

  /** Of all packs, whatever their state: their files are there. */
  get packBytes(): number {
    return (this.#statements.sumPacks.get() as { bytes: number }).bytes;
  }

  condemn(packs: readonly number[]): void {
    transaction(this.#db, () => {
      for (const pack of packs) this.#statements.condemn.run(pack);
    });
  }

  dropPacks(packs: readonly number[]): void {
    transaction(this.#db, () => {
      for (const pack of packs) {
        this.#statements.dropChunks.run(pack);
        this.#statements.dropPack.run(pack);
      }
    });
  }

  /** Where a chunk lies, in a pack that stays. */
  findChunk(id: Uint8Array): ChunkPlace | undefined {
    const row = this.#statements.findChunk.get(id) as PlaceRow | undefined;
    return row && { ...row, pack: Buffer.from(row.pack), sessions: Buffer.from(row.sessions) };
  }

  hasChunk(id: Uint8Array): boolean {
    return this.#statements.hasChunk.get(id) !== undefined;
  }

  /** Ids one after the other, a pack's together. */
  *chunkIds(scope: "staged" | "all"): Generator<Buffer> {
    for (const { number, state } of this.packs())
      if (state === "staged" || (scope === "all" && state === "live"))
        yield Buffer.concat(this.chunksOf(number).map(({ id }) => id));
  }

  chunksOf(pack: number): { readonly id: Buffer; readonly length: number; readonly links: Buffer }[] {
    return this.#statements.listChunks.all(pack).map((row) => {
      const { id, length, links } = row as { id: Uint8Array; length: number; links: Uint8Array };
      return { id: Buffer.from(id), length, links: Buffer.from(links) };
    });
  }

  /** All copies of a chunk: which packs hold it, and what it refers to. */
  copiesOf(id: Uint8Array): { readonly pack: number; readonly links: Buffer }[] {
    return this.#statements.listCopies.all(id).map((row) => {
      const { pack, links } = row as { pack: number; links: Uint8Array };
      return { pack, links: Buffer.from(links) };
    });
  }

  /** In one transaction: from now on the snapshot is there, and nothing waits for it. */
  addSnapshot(snapshot: IndexedSnapshot): void {
    transaction(this.#db, () => {
      this.#insert(snapshot);
      this.#statements.makeLive.run();
    });
  }

  /** As records and notes say; counters that are known stay. */
  setSnapshots(snapshots: readonly IndexedSnapshot[]): void {
    transaction(this.#db, () => {
      this.#db.exec("DELETE FROM snapshots");
      for (const snapshot of snapshots) this.#insert(snapshot);
    });
  }

  /** Oldest first. */
  snapshots(): IndexedSnapshot[] {
    return this.#statements.listSnapshots.all().map((row) => {
      const { record, root, incomplete, pruned, ...rest } = row as unknown as SnapshotRow; // As the query says.
      return {
        ...rest,
        record: Buffer.from(record),
        root: Buffer.from(root),
        incomplete: incomplete === 1,
        pruned: pruned === 1,
      };
    });
  }

  setPruned(sequences: readonly number[]): void {
    transaction(this.#db, () => {
      for (const sequence of sequences) this.#statements.setPruned.run(sequence);
    });
  }

  /** How often something was gone that had been there. */
  get losses(): number {
    return (this.#statements.getLosses.get() as { losses: number }).losses;
  }

  addLoss(): void {
    this.#statements.addLoss.run();
  }

  #insert({ sequence, record, root, claimedAt, incomplete, files, bytes, pruned }: IndexedSnapshot): void {
    const numbers = [claimedAt, incomplete ? 1 : 0, files, bytes, pruned ? 1 : 0];
    this.#statements.addSnapshot.run(sequence, record, root, ...numbers);
  }
}

/** A trigger or a view that somebody put there would run for as long as it likes. Throws what SQLite says of a damaged file. */
function checkTables(db: Sqlite): void {
  const fresh = openSqlite("", { durability: "normal", journal: "rollback" });
  try {
    migrate(fresh, MIGRATIONS);
    if (tablesOf(db) === tablesOf(fresh)) return;
  } finally {
    fresh.close();
  }
  throw Object.assign(new Error("its tables are not those of an index"), { errcode: SQLITE_CORRUPT });
}

const SQLITE_CORRUPT = 11;

const tablesOf = (db: Sqlite): string =>
  JSON.stringify(db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all());

interface PackRow extends Omit<IndexedPack, "id"> {
  readonly id: Uint8Array;
}
interface PlaceRow extends Omit<ChunkPlace, "pack" | "sessions"> {
  readonly pack: Uint8Array;
  readonly sessions: Uint8Array;
}
interface SnapshotRow extends Omit<IndexedSnapshot, "record" | "root" | "incomplete" | "pruned"> {
  readonly record: Uint8Array;
  readonly root: Uint8Array;
  readonly incomplete: number;
  readonly pruned: number;
}

const packOf = ({ id, ...row }: PackRow): IndexedPack => ({ ...row, id: Buffer.from(id) });

function prepare(db: Sqlite) {
  return {
    addPack: db.prepare("INSERT INTO packs (id, sizeBytes, sessions, state) VALUES (?, ?, ?, ?)"),
    addChunk: db.prepare(
      "INSERT OR IGNORE INTO chunks (id, pack, session, offset, length, links) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    findPack: db.prepare("SELECT number, id, sizeBytes, state FROM packs WHERE id = ?"),
    listPacks: db.prepare("SELECT number, id, sizeBytes, state FROM packs ORDER BY number"),
    sumPacks: db.prepare("SELECT coalesce(sum(sizeBytes), 0) AS bytes FROM packs"),
    condemn: db.prepare("UPDATE packs SET state = 'condemned' WHERE number = ?"),
    makeLive: db.prepare("UPDATE packs SET state = 'live' WHERE state = 'staged'"),
    dropPack: db.prepare("DELETE FROM packs WHERE number = ?"),
    dropChunks: db.prepare("DELETE FROM chunks WHERE pack = ?"),
    findChunk: db.prepare(
      `SELECT packs.id AS pack, packs.sessions, session, offset, length FROM chunks JOIN packs ON packs.number = chunks.pack
       WHERE chunks.id = ? AND packs.state <> 'condemned' LIMIT 1`,
    ),
    hasChunk: db.prepare(
      `SELECT 1 FROM chunks JOIN packs ON packs.number = chunks.pack
       WHERE chunks.id = ? AND packs.state <> 'condemned' LIMIT 1`,
    ),
    listChunks: db.prepare("SELECT id, length, links FROM chunks WHERE pack = ? ORDER BY offset"),
    listCopies: db.prepare("SELECT pack, links FROM chunks WHERE id = ?"),
    addSnapshot: db.prepare(
      `INSERT OR REPLACE INTO snapshots (sequence, record, root, claimedAt, incomplete, files, bytes, pruned)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    listSnapshots: db.prepare(
      "SELECT sequence, record, root, claimedAt, incomplete, files, bytes, pruned FROM snapshots ORDER BY sequence",
    ),
    setPruned: db.prepare("UPDATE snapshots SET pruned = 1 WHERE sequence = ?"),
    getLosses: db.prepare("SELECT losses FROM losses"),
    addLoss: db.prepare("UPDATE losses SET losses = losses + 1"),
  };
}
