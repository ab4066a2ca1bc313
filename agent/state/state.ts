/**
 * What this machine remembers between backups: the last catalog, what the service is known to hold, receipts. A cache: losing it
 * costs time, never data. It holds names and sizes of the files that are on this disk, and no key.
 */
import { chmodSync, renameSync } from "node:fs";
import { ByteWriter } from "../../base/bytes.ts";
import { sha256 } from "../../base/digest.ts";
import { migrate, openSqlite, type Sqlite, transaction } from "../../base/sqlite.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { MIGRATIONS } from "./migrations.ts";

export interface StoredPage {
  readonly plain: Buffer;
  /** 16 bytes for each entry of a leaf; empty for parents. */
  readonly marks: Buffer;
}

export interface Head {
  readonly sequence: number;
  /** Record hash. */
  readonly record: Buffer;
  readonly root: Buffer;
  /** What its catalog holds. */
  readonly files: number;
  readonly bytes: number;
  /** When its walk began, by this machine's clock (ms). */
  readonly scannedAt: number;
  /** Digest of the choice of what is backed up. */
  readonly selection: Buffer;
  /** All that has to be looked at again, whatever happens, is in `unsettled`. */
  readonly isPatchable: boolean;
}

/** How the catalog of a new head differs from the last one's: `live` are all its pages; `dropped` those that it no longer has. Ids as Latin-1. */
export type PageChanges =
  | { readonly kind: "all"; readonly live: ReadonlySet<string> }
  | { readonly kind: "some"; readonly dropped: Iterable<string> };

/** By catalog path, as Latin-1: on which device each root and each mount point is. */
export type Devices = ReadonlyMap<string, bigint>;

export interface KnownCounts {
  readonly chunks: number;
  readonly bundles: number;
  /** Bundles that are to be made anew. */
  readonly stale: number;
}

/** The small files that a bundle holds: digest (16 bytes), offset and length (u32) each, one after the other. */
export interface StoredBundle {
  readonly id: Buffer;
  readonly files: Buffer;
}

/** Opens or makes the state; a file that SQLite can't use is put aside and begun anew, since it is only a cache. */
export function openState(path: string): State {
  try {
    return new State(path);
  } catch {
    try {
      putStateAside(path);
      return new State(path);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new HoldfastError("state/unusable", { path, reason }, { cause });
    }
  }
}

/** For when the damage shows later. Nobody may have it open. */
export function putStateAside(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) renameIfThere(path + suffix, `${path}${suffix}.damaged`);
}

export class State {
  readonly #db: Sqlite;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(path: string) {
    this.#db = openSqlite(path, { durability: "normal" });
    chmodSync(path, 0o600); // It holds names of files; the folder may be readable by others.
    try {
      migrate(this.#db, MIGRATIONS);
      this.#statements = prepare(this.#db);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  /** The last snapshot whose catalog is held here. */
  findHead(): Head | undefined {
    const row = this.#statements.getHead.get() as HeadRow | undefined;
    return (
      row && {
        ...row,
        record: Buffer.from(row.record),
        root: Buffer.from(row.root),
        selection: Buffer.from(row.selection),
        isPatchable: row.isPatchable === 1,
      }
    );
  }

  /** Remembers the catalog under `root` as the last one and forgets pages that are not of it. `unsettled`: catalog paths. */
  setHead(head: Head, changes: PageChanges, unsettled: Iterable<Buffer> = []): void {
    const { sequence, record, root, files, bytes, scannedAt, selection, isPatchable } = head;
    transaction(this.#db, () => {
      const statements = this.#statements;
      statements.clearHead.run();
      statements.setHead.run(sequence, record, root, files, bytes, scannedAt, selection, isPatchable ? 1 : 0);
      const dropped = changes.kind === "some" ? changes.dropped : this.#pagesBeside(changes.live);
      for (const id of dropped) statements.dropPage.run(Buffer.from(id, "latin1"));
      statements.clearUnsettled.run();
      for (const path of unsettled) statements.addUnsettled.run(path);
      statements.endRun.run();
    });
  }

  /** What the last backup could not settle, and the next one must look at. */
  unsettled(): Buffer[] {
    return this.#statements.listUnsettled.all().map((row) => Buffer.from((row as { path: Uint8Array }).path));
  }

  /** From now until `setHead` what is stored on the service may go again: packs that nobody commits are kept for some days only. */
  beginRun(): void {
    this.#statements.beginRun.run();
  }

  /** A run was begun and did not come to its end. */
  get isUnfinished(): boolean {
    return this.#statements.findRun.get() !== undefined;
  }

  /** How often the service had lost chunks, as of the last backup that healed what it could. */
  findLosses(): number {
    const row = this.#statements.getLosses.get() as { losses: number } | undefined;
    return row?.losses ?? 0;
  }

  setLosses(losses: number): void {
    transaction(this.#db, () => {
      this.#statements.clearLosses.run();
      this.#statements.setLosses.run(losses);
    });
  }

  devices(): Devices {
    const rows = this.#statements.listDevices.all() as { path: Uint8Array; device: string }[]; // As the query says.
    return new Map(rows.map(({ path, device }) => [viewOf(path).toString("latin1"), BigInt(device)]));
  }

  setDevices(devices: Devices): void {
    transaction(this.#db, () => {
      this.#statements.clearDevices.run();
      for (const [path, device] of devices) this.#statements.addDevice.run(Buffer.from(path, "latin1"), String(device));
    });
  }

  /** Of a hundred bytes of files that may be compressed, so many were stored of late. */
  findStoredPercent(): number | null {
    const row = this.#statements.getStored.get() as { percent: number } | undefined;
    return row?.percent ?? null;
  }

  setStoredPercent(percent: number): void {
    transaction(this.#db, () => {
      this.#statements.clearStored.run();
      this.#statements.setStored.run(percent);
    });
  }

  putPage(id: Buffer, page: StoredPage): void {
    this.#statements.putPage.run(id, page.plain, page.marks);
  }

  findPage(id: Buffer): StoredPage | undefined {
    const row = this.#statements.getPage.get(id) as { plain: Uint8Array; marks: Uint8Array } | undefined;
    return (
      row && {
        plain: Buffer.from(row.plain.buffer, row.plain.byteOffset, row.plain.length),
        marks: Buffer.from(row.marks.buffer, row.marks.byteOffset, row.marks.length),
      }
    );
  }

  /** What a list refers to: entries only name the list. */
  putList(id: Buffer, links: Buffer): void {
    this.#statements.putList.run(id, links);
  }

  findList(id: Buffer): Buffer | undefined {
    const row = this.#statements.getList.get(id) as { links: Uint8Array } | undefined;
    return row && Buffer.from(row.links);
  }

  hasChunk(id: Buffer): boolean {
    return this.#statements.hasChunk.get(id) !== undefined;
  }

  /** The service has acknowledged a pack with these chunks. */
  addChunks(ids: Iterable<Uint8Array>): void {
    transaction(this.#db, () => {
      for (const id of ids) this.#statements.addChunk.run(id);
    });
  }

  addBundle(bundle: StoredBundle): void {
    this.#statements.addBundle.run(bundle.id, bundle.files, digestOf(bundle));
  }

  /** Those that are as they were written: a wrong offset would put one file's bytes into another. */
  *bundles(): Generator<StoredBundle> {
    for (const row of this.#statements.listBundles.iterate()) {
      const { id, files, digest } = row as { id: Uint8Array; files: Uint8Array; digest: Uint8Array };
      const bundle = { id: Buffer.from(id), files: Buffer.from(files.buffer, files.byteOffset, files.length) };
      if (digestOf(bundle).equals(digest)) yield bundle;
    }
  }

  /** The service does not have these (any more). */
  removeChunks(ids: Iterable<Uint8Array>): void {
    transaction(this.#db, () => {
      for (const id of ids) {
        this.#statements.removeChunk.run(id);
        this.#statements.removeBundle.run(id);
      }
    });
  }

  /** Forgets chunks, lists and bundles that are not `isLive`; small files are no longer found in bundles that are forgotten. */
  keepChunks(isLive: (id: Buffer) => boolean): void {
    const { listChunks, removeChunk, listLists, removeList, listBundleIds, removeBundle } = this.#statements;
    transaction(this.#db, () => {
      for (const id of deadIds(listChunks.iterate(), isLive)) removeChunk.run(id);
      for (const id of deadIds(listLists.iterate(), isLive)) removeList.run(id);
      for (const id of deadIds(listBundleIds.iterate(), isLive)) removeBundle.run(id);
    });
  }

  /** Bundles whose files are to be bundled anew. They are found no more: or each of these files would be found where it is. */
  setStale(bundles: Iterable<Buffer>): void {
    transaction(this.#db, () => {
      this.#statements.clearStale.run();
      for (const id of bundles) {
        this.#statements.addStale.run(id);
        this.#statements.removeBundle.run(id);
      }
    });
  }

  stale(): Buffer[] {
    return this.#statements.listStale.all().map((row) => Buffer.from((row as { bundle: Uint8Array }).bundle));
  }

  /** What was known when the last sweep was done. */
  findSwept(): Pick<KnownCounts, "chunks" | "bundles"> | undefined {
    return this.#statements.getSwept.get() as Pick<KnownCounts, "chunks" | "bundles"> | undefined;
  }

  setSwept({ chunks, bundles }: Pick<KnownCounts, "chunks" | "bundles">): void {
    this.#statements.setSwept.run(chunks, bundles);
  }

  countKnown(): KnownCounts {
    return this.#statements.countKnown.get() as unknown as KnownCounts; // As the query says.
  }

  /** All that are held. */
  *pages(): Generator<{ readonly id: Buffer; readonly plain: Buffer }> {
    for (const row of this.#statements.listPagePlains.iterate()) {
      const { id, plain } = row as { id: Uint8Array; plain: Uint8Array };
      yield { id: viewOf(id), plain: viewOf(plain) };
    }
  }

  clearChunks(): void {
    this.#db.exec("DELETE FROM chunks");
  }

  #pagesBeside(live: ReadonlySet<string>): string[] {
    return this.#statements.listPages
      .all()
      .map((row) => Buffer.from((row as { id: Uint8Array }).id).toString("latin1"))
      .filter((id) => !live.has(id));
  }

  /** Also the last one from now on: receipts of a longer history, which was given up, go. */
  addReceipt(sequence: number, receipt: Uint8Array): void {
    this.#statements.dropReceipts.run(sequence);
    this.#statements.addReceipt.run(sequence, receipt);
  }

  findLastReceipt(): Buffer | undefined {
    const row = this.#statements.lastReceipt.get() as { receipt: Uint8Array } | undefined;
    return row && Buffer.from(row.receipt);
  }
}

function prepare(db: Sqlite) {
  return {
    getHead: db.prepare("SELECT sequence, record, root, files, bytes, scannedAt, selection, isPatchable FROM head"),
    clearHead: db.prepare("DELETE FROM head"),
    setHead: db.prepare(
      `INSERT INTO head (sequence, record, root, files, bytes, scannedAt, selection, isPatchable)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    listPages: db.prepare("SELECT id FROM pages"),
    dropPage: db.prepare("DELETE FROM pages WHERE id = ?"),
    clearUnsettled: db.prepare("DELETE FROM unsettled"),
    addUnsettled: db.prepare("INSERT INTO unsettled (path) VALUES (?)"),
    listUnsettled: db.prepare("SELECT path FROM unsettled"),
    beginRun: db.prepare("INSERT OR IGNORE INTO unfinished (run) VALUES (1)"),
    endRun: db.prepare("DELETE FROM unfinished"),
    findRun: db.prepare("SELECT 1 FROM unfinished"),
    listDevices: db.prepare("SELECT path, device FROM devices"),
    clearDevices: db.prepare("DELETE FROM devices"),
    addDevice: db.prepare("INSERT INTO devices (path, device) VALUES (?, ?)"),
    getStored: db.prepare("SELECT percent FROM stored"),
    clearStored: db.prepare("DELETE FROM stored"),
    setStored: db.prepare("INSERT INTO stored (percent) VALUES (?)"),
    getLosses: db.prepare("SELECT losses FROM losses"),
    clearLosses: db.prepare("DELETE FROM losses"),
    setLosses: db.prepare("INSERT INTO losses (losses) VALUES (?)"),
    putPage: db.prepare(
      `INSERT INTO pages (id, plain, marks) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET plain = excluded.plain, marks = excluded.marks`,
    ),
    getPage: db.prepare("SELECT plain, marks FROM pages WHERE id = ?"),
    putList: db.prepare("INSERT OR IGNORE INTO lists (id, links) VALUES (?, ?)"),
    getList: db.prepare("SELECT links FROM lists WHERE id = ?"),
    hasChunk: db.prepare("SELECT 1 FROM chunks WHERE id = ?"),
    addChunk: db.prepare("INSERT OR IGNORE INTO chunks (id) VALUES (?)"),
    removeChunk: db.prepare("DELETE FROM chunks WHERE id = ?"),
    addBundle: db.prepare("INSERT OR REPLACE INTO bundles (id, files, digest) VALUES (?, ?, ?)"),
    removeBundle: db.prepare("DELETE FROM bundles WHERE id = ?"),
    listBundles: db.prepare("SELECT id, files, digest FROM bundles"),
    listChunks: db.prepare("SELECT id FROM chunks"),
    listLists: db.prepare("SELECT id FROM lists"),
    removeList: db.prepare("DELETE FROM lists WHERE id = ?"),
    listBundleIds: db.prepare("SELECT id FROM bundles"),
    clearStale: db.prepare("DELETE FROM stale"),
    addStale: db.prepare("INSERT INTO stale (bundle) VALUES (?)"),
    listStale: db.prepare("SELECT bundle FROM stale"),
    getSwept: db.prepare("SELECT chunks, bundles FROM swept"),
    setSwept: db.prepare("INSERT OR REPLACE INTO swept (sweep, chunks, bundles) VALUES (1, ?, ?)"),
    countKnown: db.prepare(
      `SELECT (SELECT count(*) FROM chunks) AS chunks, (SELECT count(*) FROM bundles) AS bundles,
              (SELECT count(*) FROM stale) AS stale`,
    ),
    listPagePlains: db.prepare("SELECT id, plain FROM pages"),
    addReceipt: db.prepare("INSERT OR REPLACE INTO receipts (sequence, receipt) VALUES (?, ?)"),
    dropReceipts: db.prepare("DELETE FROM receipts WHERE sequence > ?"),
    lastReceipt: db.prepare("SELECT receipt FROM receipts ORDER BY sequence DESC LIMIT 1"),
  };
}

type HeadRow = Omit<Head, "record" | "root" | "selection" | "isPatchable"> & {
  readonly record: Uint8Array;
  readonly root: Uint8Array;
  readonly selection: Uint8Array;
  readonly isPatchable: number;
};

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** In one piece of memory: there may be millions. The rows are read to their end first, so that they may be removed. */
function* deadIds(rows: Iterable<unknown>, isLive: (id: Buffer) => boolean): Generator<Buffer> {
  const dead = new ByteWriter(4096);
  for (const row of rows) {
    const id = viewOf((row as { id: Uint8Array }).id); // As the query says.
    if (!isLive(id)) dead.bytes(id);
  }
  const ids = dead.view();
  for (let at = 0; at < ids.length; at += 32) yield ids.subarray(at, at + 32);
}

const digestOf = ({ id, files }: StoredBundle): Buffer => sha256(Buffer.concat([id, files]));

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}
