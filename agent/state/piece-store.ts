/**
 * Pieces of large files by path, in a database of their own beside the state: what lies where in which chunk. A cache of a cache: whatever goes wrong
 * with it, whole chunks are sent instead of pieces, and nobody is told.
 */
import { chmodSync, rmSync } from "node:fs";
import { sha256 } from "../../base/digest.ts";
import { isDamage, migrate, openSqlite, type Sqlite, transaction } from "../../base/sqlite.ts";

const MIGRATIONS: readonly string[] = [
  `CREATE TABLE salt (salt BLOB NOT NULL);
   INSERT INTO salt VALUES (randomblob(16));
   CREATE TABLE files (file INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
   CREATE TABLE pieces (file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE, version INTEGER NOT NULL, segment INTEGER NOT NULL,
     pieces BLOB NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (file, segment));
   CREATE TABLE looked (file INTEGER NOT NULL);
   INSERT INTO looked VALUES (0);`,
];

const DIGEST_BYTES = 16;

export interface SegmentPieces {
  readonly segment: number;
  /** See piece-codec.ts. */
  readonly pieces: Buffer;
}

export class PieceStore implements Disposable {
  readonly #path: string;
  #db: Sqlite | undefined;
  #statements: ReturnType<typeof prepare> | undefined;
  /** So that a key which was stolen from another disk says nothing about what is noted here. */
  readonly salt: Buffer;

  constructor(path: string) {
    this.#path = path;
    this.salt = this.#try(() => this.#open()) ?? this.#try(() => this.#open()) ?? Buffer.alloc(16);
  }

  [Symbol.dispose](): void {
    this.#db?.close();
    this.#db = undefined;
    this.#statements = undefined;
  }

  /** A number for the pieces of a file that is read anew: a segment's take the place of those it had, the others stay until `finish`. */
  begin(path: Buffer): number {
    return (
      this.#try(() => {
        this.#statements?.addFile.run(path);
        const row = this.#statements?.lastVersion.get(path) as { last: number | null } | undefined;
        return (row?.last ?? 0) + 1;
      }) ?? 1
    );
  }

  put(path: Buffer, version: number, { segment, pieces }: SegmentPieces): void {
    this.#try(() => this.#statements?.put.run(path, version, segment, pieces, digestOf(pieces)));
  }

  /** All of the file's pieces are there: segments that were not put are gone. */
  finish(path: Buffer, version: number): void {
    this.#try(() => this.#statements?.dropOthers.run(path, version));
  }

  /** Of versions before this one, from segment `from` to `to`; only what is as it was written. */
  find(path: Buffer, version: number, from: number, to: number): SegmentPieces[] {
    const rows = this.#try(() => this.#statements?.list.all(path, version, from, to)) ?? [];
    return rows.flatMap((row) => {
      const { segment, pieces, digest } = row as { segment: number; pieces: Uint8Array; digest: Uint8Array };
      const bytes = Buffer.from(pieces.buffer, pieces.byteOffset, pieces.length);
      return digestOf(bytes).equals(digest) ? [{ segment, pieces: bytes }] : [];
    });
  }

  /** Looks after some of the files, others each time: those that are not wanted any more are forgotten. */
  sweep(isWanted: (path: Buffer) => boolean, filesMax: number): void {
    this.#try(() => {
      const db = this.#db;
      if (!db) return;
      const rows = this.#statements?.next.all(filesMax) as { file: number; path: Uint8Array }[];
      transaction(db, () => {
        for (const { file, path } of rows) if (!isWanted(Buffer.from(path))) this.#statements?.dropFile.run(file);
        this.#statements?.look.run(rows.length < filesMax ? 0 : (rows.at(-1)?.file ?? 0));
      });
    });
  }

  #open(): Buffer {
    const db = openSqlite(this.#path, { durability: "normal" });
    this.#db = db;
    chmodSync(this.#path, 0o600);
    migrate(db, MIGRATIONS);
    this.#statements = prepare(db);
    const { salt } = db.prepare("SELECT salt FROM salt").get() as { salt: Uint8Array };
    return Buffer.from(salt);
  }

  /** After a failure nothing is known any more; a damaged file makes room for a new one. */
  #try<Value>(work: () => Value): Value | undefined {
    try {
      return work();
    } catch (error) {
      this[Symbol.dispose]();
      if (isDamage(error)) for (const suffix of ["", "-wal", "-shm"]) rmSync(this.#path + suffix, { force: true });
      return undefined;
    }
  }
}

const digestOf = (pieces: Buffer): Buffer => sha256(pieces).subarray(0, DIGEST_BYTES);

function prepare(db: Sqlite) {
  return {
    addFile: db.prepare("INSERT OR IGNORE INTO files (path) VALUES (?)"),
    lastVersion: db.prepare("SELECT max(version) AS last FROM pieces JOIN files USING (file) WHERE path = ?"),
    put: db.prepare("INSERT OR REPLACE INTO pieces SELECT file, ?2, ?3, ?4, ?5 FROM files WHERE path = ?1"),
    dropOthers: db.prepare("DELETE FROM pieces WHERE file = (SELECT file FROM files WHERE path = ?) AND version <> ?"),
    list: db.prepare(
      `SELECT segment, pieces, digest FROM pieces JOIN files USING (file)
       WHERE path = ? AND version < ? AND segment BETWEEN ? AND ? ORDER BY segment`,
    ),
    next: db.prepare("SELECT file, path FROM files WHERE file > (SELECT file FROM looked) ORDER BY file LIMIT ?"),
    dropFile: db.prepare("DELETE FROM files WHERE file = ?"),
    look: db.prepare("UPDATE looked SET file = ?"),
  };
}
