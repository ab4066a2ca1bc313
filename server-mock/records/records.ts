/**
 * The rows behind the service, one store per noun. Domain code sees only this file: SQLite is one implementation, and nothing here
 * says so. `find…` may be undefined. Lists are newest first unless they say otherwise.
 */
import type * as rows from "./rows.ts";

/** The next `limit` rows after the id `after`. */
export interface PageOf<Id = string> {
  readonly limit: number;
  readonly after?: Id | undefined;
}

/** Whose rows: one organization's, everything (owner), or one user's. */
export interface Scope {
  readonly organization?: string | undefined;
  readonly account?: string | undefined;
}

export interface Organizations {
  insert(row: rows.OrganizationRow): Promise<void>;
  find(id: string): Promise<rows.OrganizationRow | undefined>;
  findByName(name: string): Promise<rows.OrganizationRow | undefined>;
  list(page: PageOf): Promise<rows.OrganizationRow[]>;
  count(): Promise<number>;
}

export interface Accounts {
  insert(row: rows.AccountRow): Promise<void>;
  find(id: string): Promise<rows.AccountRow | undefined>;
  findByEmail(email: string): Promise<rows.AccountRow | undefined>;
  list(page: PageOf, filter: { organization?: string | undefined; role: rows.Role }): Promise<rows.AccountRow[]>;
  change(id: string, columns: Partial<Omit<rows.AccountRow, "id">>): Promise<void>;
}

export interface Tokens {
  insert(row: rows.TokenRow): Promise<void>;
  find(digest: Uint8Array): Promise<rows.TokenRow | undefined>;
  remove(digest: Uint8Array): Promise<void>;
  removeOf(owner: { account: string } | { machine: string; audience: "agent" }): Promise<void>;
  removeExpired(now: number): Promise<void>;
}

export interface ProductKeys {
  insert(row: rows.ProductKeyRow): Promise<void>;
  find(id: string): Promise<rows.ProductKeyRow | undefined>;
  findByDigest(digest: Uint8Array): Promise<rows.ProductKeyRow | undefined>;
  list(page: PageOf, scope: Scope): Promise<rows.ProductKeyRow[]>;
  change(id: string, columns: Partial<Pick<rows.ProductKeyRow, "machine" | "revokedAt">>): Promise<void>;
}

export interface Machines {
  insert(row: rows.MachineRow): Promise<void>;
  /** Deleted ones are not found. */
  find(id: string): Promise<rows.MachineRow | undefined>;
  findByFingerprint(account: string, fingerprint: string): Promise<rows.MachineRow | undefined>;
  list(page: PageOf, scope: Scope): Promise<rows.MachineRow[]>;
  /** How many of the user's machines are not deleted, by kind. */
  countDevices(account: string): Promise<Record<rows.DeviceKind, number>>;
  /** The largest limit of the user's machines. */
  largestLimit(account: string): Promise<number>;
  change(id: string, columns: Partial<Omit<rows.MachineRow, "id" | "usedBytes">>): Promise<void>;
}

export interface Vaults {
  /** Answers the number it was given. */
  insert(row: Omit<rows.VaultRow, "number">): Promise<number>;
  find(id: string): Promise<rows.VaultRow | undefined>;
  findByNumber(number: number): Promise<rows.VaultRow | undefined>;
  findByMachine(machine: string): Promise<rows.VaultRow | undefined>;
  change(number: number, columns: Partial<Omit<rows.VaultRow, "number" | "id">>): Promise<void>;
}

export interface Sessions {
  insert(row: rows.SessionRow): Promise<void>;
  find(id: string): Promise<rows.SessionRow | undefined>;
  findByKey(vault: number, idempotencyKey: string): Promise<rows.SessionRow | undefined>;
  change(id: string, columns: Partial<Pick<rows.SessionRow, "state" | "leaseUntil" | "intent">>): Promise<void>;
  listOpen(filter: { vault: number } | { leaseBefore: number }): Promise<rows.SessionRow[]>;
  /** Those that a crash left in the middle of a commit. */
  listIntents(): Promise<rows.SessionRow[]>;
}

export interface Packs {
  /** Adds the pack and its chunks; undefined when the vault has that pack already. */
  insert(row: Omit<rows.PackRow, "number">, chunks: readonly NewChunk[]): Promise<number | undefined>;
  find(vault: number, id: Uint8Array): Promise<rows.PackRow | undefined>;
  countStaged(vault: number): Promise<{ packs: number; bytes: number }>;
  /** Ascending by number. */
  listStaged(filter: { vault: number } | { receivedBefore: number }): Promise<StagedPack[]>;
  makeLive(vault: number): Promise<void>;
  /** With its chunks and links. */
  remove(number: number): Promise<void>;
}

export type NewChunk = Omit<rows.ChunkRow, "vault" | "pack"> & { readonly links: Uint8Array };
export type StagedPack = Pick<rows.PackRow, "number" | "vault" | "id" | "sizeBytes">;

/** Where a chunk lies: in the oldest pack that has it. */
export type ChunkPlace = Pick<rows.ChunkRow, "id" | "pack" | "offset" | "length" | "session"> & {
  readonly packId: Uint8Array;
  readonly sessions: Uint8Array;
};

export interface Chunks {
  /** Ids of the vault ascending from behind `after`, each once. */
  listIds(vault: number, after: Uint8Array, limit: number): Promise<Uint8Array[]>;
  listIdsOfPack(pack: number, after: Uint8Array, limit: number): Promise<Uint8Array[]>;
  /** Which of the ids the vault does not have, live or staged. */
  listMissing(vault: number, ids: readonly Uint8Array[]): Promise<Uint8Array[]>;
  /** In live packs; absent ids are left out of the answer. */
  locate(vault: number, ids: readonly Uint8Array[]): Promise<ChunkPlace[]>;
  /** What the pages and lists of a pack refer to. */
  listLinks(pack: number): Promise<Uint8Array[]>;
}

export interface Snapshots {
  insert(row: rows.SnapshotRow): Promise<void>;
  find(vault: number, sequence: number): Promise<rows.SnapshotRow | undefined>;
  list(vault: number, page: PageOf<number>): Promise<rows.SnapshotRow[]>;
}

export interface Backups {
  insert(row: rows.BackupRow): Promise<void>;
  change(id: string, columns: Partial<Omit<rows.BackupRow, "id" | "machine">>): Promise<void>;
  list(machine: string, page: PageOf): Promise<rows.BackupRow[]>;
}

export interface Restores {
  insert(row: rows.RestoreRow): Promise<void>;
  find(id: string): Promise<rows.RestoreRow | undefined>;
  change(id: string, columns: Partial<Omit<rows.RestoreRow, "id" | "machine">>): Promise<void>;
  list(machine: string, page: PageOf): Promise<rows.RestoreRow[]>;
  /** Running restores whose token has run out become `cancelled`. */
  cancelExpired(now: number): Promise<void>;
}

export interface Audit {
  insert(row: Omit<rows.AuditRow, "id">): Promise<void>;
  list(page: PageOf<number>, filter: { organization?: string | undefined }): Promise<rows.AuditRow[]>;
}

/** One level of the quota tree; `heldBytes` are used or promised. */
export interface QuotaLevel {
  readonly level: "machine" | "user" | "organization";
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  readonly heldBytes: number;
}

export interface Quota {
  /** Machine, user, organization. */
  levels(machine: string): Promise<QuotaLevel[]>;
  reserve(row: rows.ReservationRow): Promise<void>;
  release(id: string): Promise<void>;
  /** Adds to the used bytes of all levels; gives back when negative. */
  charge(machine: string, bytes: number): Promise<void>;
  listReservations(): Promise<rows.ReservationRow[]>;
}

export interface RecordStores {
  readonly organizations: Organizations;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly productKeys: ProductKeys;
  readonly machines: Machines;
  readonly vaults: Vaults;
  readonly sessions: Sessions;
  readonly packs: Packs;
  readonly chunks: Chunks;
  readonly snapshots: Snapshots;
  readonly backups: Backups;
  readonly restores: Restores;
  readonly audit: Audit;
  readonly quota: Quota;
}

export interface Records extends RecordStores {
  /**
   * All of `work` or nothing, durable when it resolves; transactions follow one another. Inside, only the stores that `work` is given
   * may be used, and nothing slow may be awaited.
   */
  transaction<T>(work: (stores: RecordStores) => Promise<T>): Promise<T>;
  /** Throws when the database does not answer. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
