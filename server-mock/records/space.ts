/** Stores of retention, collection and scrubbing, one per noun. Part of `RecordStores`. */
import type { PageOf, Scope } from "./records.ts";
import type { ChunkRow, PackRow, SnapshotRow } from "./rows.ts";
import type * as rows from "./space-rows.ts";

export interface Spaces {
  /** A vault that nobody has looked at has a row of zeros. */
  find(vault: number): Promise<rows.SpaceRow>;
  change(vault: number, columns: Partial<Omit<rows.SpaceRow, "vault">>): Promise<void>;
  /** Vaults that a collection should look at, ascending from behind `after`. */
  listDue(after: number, limit: number): Promise<number[]>;
  /** Vaults that were purged before then and still have something in the storage. */
  listPurged(purgedBefore: number, limit: number): Promise<number[]>;
  /** Vaults that an admin should look at: held or frozen. */
  listHeld(page: PageOf<number>, scope: Scope): Promise<rows.SpaceRow[]>;
  /** All vaults, ascending from behind `after`; also those of deleted machines. */
  listVaults(after: number, limit: number): Promise<number[]>;
}

export interface RetentionRules {
  put(row: rows.RetentionRow): Promise<void>;
  find(holder: string): Promise<rows.RetentionRow | undefined>;
  remove(holder: string): Promise<void>;
}

export interface Pins {
  put(row: rows.PinRow): Promise<void>;
  list(vault: number): Promise<rows.PinRow[]>;
  remove(vault: number, sequence: number): Promise<void>;
}

export interface Holds {
  insert(row: rows.HoldRow): Promise<void>;
  find(id: string): Promise<rows.HoldRow | undefined>;
  /** `holders`: only what holds one of these. */
  list(
    page: PageOf,
    filter: { organization?: string | undefined; holders?: readonly string[] | undefined },
  ): Promise<rows.HoldRow[]>;
  remove(id: string): Promise<void>;
  /** Whether one of these is held. */
  isHeld(holders: readonly string[]): Promise<boolean>;
}

export interface Damages {
  insert(row: rows.DamageRow): Promise<void>;
  findOpen(vault: number, kind: rows.DamageRow["kind"], name: string): Promise<rows.DamageRow | undefined>;
  change(
    id: string,
    columns: Partial<Pick<rows.DamageRow, "snapshots" | "state" | "healedAt" | "chunks">>,
  ): Promise<void>;
  list(page: PageOf, scope: Scope, filter?: { vault?: number | undefined }): Promise<rows.DamageRow[]>;
  listOpen(vault: number): Promise<rows.DamageRow[]>;
  /** Ascending, each once. */
  listVaultsWithOpen(): Promise<number[]>;
  countOpen(): Promise<number>;
}

export interface JobRuns {
  put(row: rows.JobRunRow): Promise<void>;
  find(name: string): Promise<rows.JobRunRow | undefined>;
  /** By name. */
  list(): Promise<rows.JobRunRow[]>;
}

export type StoredChunk = Omit<ChunkRow, "vault" | "pack">;

/** What one page or list refers to. */
export interface LinksOf {
  readonly chunk: Uint8Array;
  /** 32 bytes each. */
  readonly links: Uint8Array;
}

export interface PackSums {
  readonly state: PackRow["state"];
  readonly packs: number;
  readonly bytes: number;
}

/** Packs, chunks and snapshots as collection and scrubbing see them. A chunk row is good when it is neither condemned nor lost. */
export interface Reach {
  /** What pages and lists with these ids refer to, in whatever packs of the vault they lie: every copy counts, so that none can hide a link. */
  linksOf(vault: number, ids: readonly Uint8Array[]): Promise<LinksOf[]>;
  /** All of the vault, pack by pack. */
  listLinks(
    vault: number,
    after: { pack: number; position: number },
    limit: number,
  ): Promise<(LinksOf & { pack: number; position: number })[]>;
  /** Packs whose links don't say whose they are: written by the first release. */
  listUnnamedLinks(vault: number): Promise<number[]>;
  nameLinks(pack: number, position: number, chunk: Uint8Array): Promise<void>;

  /** Ascending by number, of all states unless they are named. */
  listPacks(vault: number, after: number, limit: number, states?: readonly PackRow["state"][]): Promise<PackRow[]>;
  findPack(number: number): Promise<PackRow | undefined>;
  changePack(
    number: number,
    columns: Partial<Pick<PackRow, "state" | "stateAt" | "scrubbedAt" | "deadBytes">>,
  ): Promise<void>;
  /** Those that were read longest ago first; trash is not read. */
  listForScrub(scrubbedBefore: number, limit: number): Promise<PackRow[]>;
  listTrash(stateBefore: number, limit: number): Promise<PackRow[]>;
  sums(vault: number): Promise<PackSums[]>;
  /** All packs of the vault that are in one of these states come into another. */
  changePacks(
    vault: number,
    from: { states: readonly PackRow["state"][]; stateAt?: number },
    columns: Pick<PackRow, "state" | "stateAt">,
  ): Promise<void>;
  /** By their place in the pack. */
  chunksOf(pack: number): Promise<StoredChunk[]>;
  condemn(pack: number, ids: readonly Uint8Array[], at: number): Promise<void>;
  /** All rows of the vault with these ids are condemned no more. */
  revive(vault: number, ids: readonly Uint8Array[]): Promise<void>;
  lose(pack: number, at: number): Promise<void>;
  /** Its file is whole again. */
  unlose(pack: number): Promise<void>;
  /** Their rows and links. */
  dropChunks(pack: number, ids: readonly Uint8Array[]): Promise<void>;
  /** Those of which a row is condemned and none is good. */
  listCondemned(vault: number, ids: readonly Uint8Array[]): Promise<Uint8Array[]>;
  /** Those of which a row is good. */
  listGood(vault: number, ids: readonly Uint8Array[]): Promise<Uint8Array[]>;

  /** Those that were read longest ago first. */
  listRecordsForScrub(scrubbedBefore: number, limit: number): Promise<SnapshotRow[]>;
  /** Ascending by sequence. */
  listSnapshots(vault: number, states: readonly SnapshotRow["state"][]): Promise<SnapshotRow[]>;
  changeSnapshots(
    vault: number,
    sequences: readonly number[],
    columns: Partial<Pick<SnapshotRow, "state" | "stateAt" | "scrubbedAt" | "receivedAt">>,
  ): Promise<void>;
  /** SHA-256 of the newest token with which the machine backs up. */
  findAgentToken(machine: string): Promise<Uint8Array | undefined>;
  removeSnapshots(vault: number): Promise<void>;
}
