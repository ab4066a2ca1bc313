/**
 * The rows behind the service, one store per noun. Domain code sees only this file: SQLite is one implementation, and nothing here
 * says so. `find…` may be undefined. Lists are newest first unless they say otherwise.
 */

import type { AgentStates } from "./agent-states.ts";
import type { RecoveryCertificates } from "./certificates.ts";
import type { Chains } from "./chains.ts";
import type { Cluster } from "./cluster.ts";
import type { Figures } from "./figures.ts";
import type { Lists } from "./lists.ts";
import type { NoticeStores } from "./notices.ts";
import type { PolicyStores } from "./policies.ts";
import type { RecordLists } from "./record-lists.ts";
import type { RememberedCalls } from "./remembered-calls.ts";
import type { WebRestores } from "./restores.ts";
import type * as rows from "./rows.ts";
import type { Activity, Attempts } from "./security.ts";
import type * as space from "./space.ts";
import type { ResetRequests, Tree } from "./tree.ts";
import type { Usage } from "./usage.ts";

/** The next `limit` rows after the id `after`. */
export interface PageOf<Id = string> {
  readonly limit: number;
  readonly after?: Id | undefined;
}

/** Whose rows: everything (a top-level admin), one organization's, some groups', or one user's. All that are given must hold. */
export interface Scope {
  readonly organization?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly account?: string | undefined;
}

export interface Organizations {
  insert(row: rows.OrganizationRow): Promise<void>;
  find(id: string): Promise<rows.OrganizationRow | undefined>;
  findByName(name: string): Promise<rows.OrganizationRow | undefined>;
  findBySubdomain(subdomain: string): Promise<rows.OrganizationRow | undefined>;
  list(page: PageOf): Promise<rows.OrganizationRow[]>;
  count(): Promise<number>;
  change(id: string, columns: Partial<Omit<rows.OrganizationRow, "id">>): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface Groups {
  insert(row: rows.GroupRow): Promise<void>;
  find(id: string): Promise<rows.GroupRow | undefined>;
  findByName(organization: string, name: string): Promise<rows.GroupRow | undefined>;
  findDefault(organization: string): Promise<rows.GroupRow | undefined>;
  list(page: PageOf, scope: Pick<Scope, "organization" | "groups">): Promise<rows.GroupRow[]>;
  change(id: string, columns: Partial<Omit<rows.GroupRow, "id" | "organization">>): Promise<void>;
  remove(id: string): Promise<void>;
  /** Accounts and product keys that belong to it, deleted ones too. */
  countMembers(id: string): Promise<number>;
}

export interface Roles {
  insert(row: rows.RoleRow): Promise<void>;
  find(id: string): Promise<rows.RoleRow | undefined>;
  findByName(organization: string, name: string): Promise<rows.RoleRow | undefined>;
  list(page: PageOf, organization: string): Promise<rows.RoleRow[]>;
  change(id: string, columns: Partial<Omit<rows.RoleRow, "id" | "organization">>): Promise<void>;
  remove(id: string): Promise<void>;
  countAccounts(id: string): Promise<number>;
}

/** Room of organizations and groups. */
export interface Pools {
  /** All kinds of a new organization or group. */
  insert(rows: readonly rows.PoolRow[]): Promise<void>;
  find(holder: string, kind: rows.PoolKind): Promise<rows.PoolRow | undefined>;
  list(holder: string): Promise<rows.PoolRow[]>;
  change(
    holder: string,
    kind: rows.PoolKind,
    columns: Partial<Pick<rows.PoolRow, "mode" | "limitBytes" | "overageBytes" | "devices">>,
  ): Promise<void>;
  removeOf(holder: string): Promise<void>;
  /** A user's use goes with it to another group. */
  move(from: string, to: string, used: Readonly<Record<rows.DeviceKind, number>>): Promise<void>;
}

export interface Accounts {
  insert(row: rows.AccountRow): Promise<void>;
  find(id: string): Promise<rows.AccountRow | undefined>;
  findByLogin(login: string): Promise<rows.AccountRow | undefined>;
  listByEmail(email: string): Promise<rows.AccountRow[]>;
  list(page: PageOf, filter: Scope & { role: rows.Role }): Promise<rows.AccountRow[]>;
  change(id: string, columns: Partial<Omit<rows.AccountRow, "id" | "usedBytes">>): Promise<void>;
  /** Brings `machineCount` and `lastBackupAt` in line with its machines. */
  recount(id: string): Promise<void>;
}

export interface Links {
  insert(row: rows.LinkRow): Promise<void>;
  find(digest: Uint8Array): Promise<rows.LinkRow | undefined>;
  findNewest(account: string, purpose: rows.LinkRow["purpose"]): Promise<rows.LinkRow | undefined>;
  removeOf(account: string, purpose?: rows.LinkRow["purpose"]): Promise<void>;
  removeExpired(now: number): Promise<void>;
}

export interface Tokens {
  insert(row: rows.TokenRow): Promise<void>;
  find(digest: Uint8Array): Promise<rows.TokenRow | undefined>;
  findById(id: string): Promise<rows.TokenRow | undefined>;
  /** Named tokens of the account, or its log-ins, also those of admins who act as it. */
  listConsole(account: string, page: PageOf, which: { isNamed: boolean }): Promise<rows.TokenRow[]>;
  change(
    digest: Uint8Array,
    columns: Partial<Pick<rows.TokenRow, "lastUsedAt" | "provenAt" | "limitedTo">>,
  ): Promise<void>;
  remove(digest: Uint8Array): Promise<void>;
  /** Of an account: also those with which it acts as somebody else. */
  removeOf(owner: { account: string } | { machine: string; audience: "agent" | "restore" | "download" }): Promise<void>;
  removeOfRestore(restore: { id: string; machine: string }): Promise<void>;
  /** Log-ins of the account but this one; named tokens stay. */
  removeOtherLogIns(account: string, digest: Uint8Array): Promise<void>;
  removeExpired(now: number): Promise<void>;
}

export interface ProductKeys {
  insert(row: rows.ProductKeyRow): Promise<void>;
  find(id: string): Promise<rows.ProductKeyRow | undefined>;
  findByDigest(digest: Uint8Array): Promise<rows.ProductKeyRow | undefined>;
  list(page: PageOf, scope: Scope, filter?: ProductKeyFilter): Promise<rows.ProductKeyRow[]>;
  findByMachine(machine: string): Promise<rows.ProductKeyRow | undefined>;
  /** The user's keys that can still activate a machine, oldest first. */
  listFree(account: string): Promise<rows.ProductKeyRow[]>;
  change(id: string, columns: Partial<Omit<rows.ProductKeyRow, "id" | "organization">>): Promise<void>;
}

export interface ProductKeyFilter {
  readonly state?: "unassigned" | "assigned" | "activated" | "suspended" | "revoked" | undefined;
  readonly kind?: rows.DeviceKind | undefined;
  readonly userGroup?: string | undefined;
  readonly account?: string | undefined;
  readonly isActivated?: boolean | undefined;
}

export interface Machines {
  insert(row: rows.MachineRow): Promise<void>;
  /** Deleted ones are not found. */
  find(id: string): Promise<rows.MachineRow | undefined>;
  findEvenDeleted(id: string): Promise<rows.MachineRow | undefined>;
  /** The user's machines on that computer, deleted ones too, purged ones not. */
  listByFingerprint(account: string, fingerprint: string): Promise<rows.MachineRow[]>;
  /** All of the user's, deleted ones too, purged ones not. */
  listOf(account: string): Promise<rows.MachineRow[]>;
  /** Deleted and not purged, the first deleted first; `after`: behind this one. */
  listDeleted(page: {
    before: number;
    limit: number;
    after?: Pick<rows.MachineRow, "id" | "deletedAt"> | undefined;
  }): Promise<rows.MachineRow[]>;
  /** Those of an organization that are not deleted. */
  countIn(organization: string): Promise<number>;
  list(page: PageOf, scope: Scope, filter?: { kind?: rows.DeviceKind | undefined }): Promise<rows.MachineRow[]>;
  /** How many of the user's machines are not deleted, by kind. */
  countDevices(account: string): Promise<Record<rows.DeviceKind, number>>;
  /** What the user's machines use; deleted ones count for nobody. */
  sumUsed(account: string): Promise<Record<rows.DeviceKind, number>>;
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
  insert(row: NewPack, chunks: readonly NewChunk[]): Promise<number | undefined>;
  find(vault: number, id: Uint8Array): Promise<rows.PackRow | undefined>;
  countStaged(vault: number): Promise<{ packs: number; bytes: number }>;
  /** Ascending by number. */
  listStaged(filter: { vault: number } | { receivedBefore: number }): Promise<StagedPack[]>;
  makeLive(vault: number): Promise<void>;
  /** With its chunks and links. */
  remove(number: number): Promise<void>;
}

export type NewPack = Omit<rows.PackRow, "number" | "stateAt" | "scrubbedAt" | "deadBytes">;
export type NewChunk = Omit<rows.ChunkRow, "vault" | "pack" | "condemnedAt" | "lostAt"> & {
  readonly links: Uint8Array;
};
export type StagedPack = Pick<rows.PackRow, "number" | "vault" | "id" | "sizeBytes">;

/** Where a chunk lies: in the oldest pack that has it. */
export type ChunkPlace = Pick<rows.ChunkRow, "id" | "pack" | "offset" | "length" | "session"> & {
  readonly packId: Uint8Array;
  readonly sessions: Uint8Array;
};

export interface Chunks {
  /** Ids of the vault's good chunks (neither condemned nor lost) ascending from behind `after`, each once. */
  listIds(vault: number, after: Uint8Array, limit: number): Promise<Uint8Array[]>;
  listIdsOfPack(pack: number, after: Uint8Array, limit: number): Promise<Uint8Array[]>;
  /** Which of the ids the vault does not have, live or staged; condemned ones it has. */
  listMissing(vault: number, ids: readonly Uint8Array[]): Promise<Uint8Array[]>;
  /** In live packs, or what may be left of them in damaged ones; absent ids are left out of the answer. */
  locate(vault: number, ids: readonly Uint8Array[]): Promise<ChunkPlace[]>;
  /** What the pages and lists of a pack refer to. */
  listLinks(pack: number): Promise<Uint8Array[]>;
}

export interface Snapshots {
  insert(row: Omit<rows.SnapshotRow, "state" | "stateAt" | "scrubbedAt">): Promise<void>;
  find(vault: number, sequence: number): Promise<rows.SnapshotRow | undefined>;
  /** Kept ones, or whatever was ever committed. */
  list(vault: number, page: PageOf<number>, which?: "kept" | "all"): Promise<rows.SnapshotRow[]>;
}

export interface Backups {
  insert(row: rows.BackupRow): Promise<void>;
  find(id: string): Promise<rows.BackupRow | undefined>;
  change(id: string, columns: Partial<Omit<rows.BackupRow, "id" | "machine">>): Promise<void>;
  list(machine: string, page: PageOf): Promise<rows.BackupRow[]>;
}

export interface Restores {
  insert(row: rows.RestoreRow): Promise<void>;
  find(id: string): Promise<rows.RestoreRow | undefined>;
  change(id: string, columns: Partial<Omit<rows.RestoreRow, "id" | "machine">>): Promise<void>;
  list(machine: string, page: PageOf): Promise<rows.RestoreRow[]>;
  /** Those that have not ended although their time has run out. */
  listExpired(now: number): Promise<rows.RestoreRow[]>;
}

export interface Audit {
  /** Answers the id it was given. */
  insert(row: Omit<rows.AuditRow, "id">): Promise<number>;
  find(id: number): Promise<rows.AuditRow | undefined>;
  list(page: PageOf<number>, filter: { organization?: string | undefined }): Promise<rows.AuditRow[]>;
}

/** One level of the quota tree. */
export interface QuotaLevel {
  readonly level: "machine" | "user" | "group" | "organization";
  readonly limitBytes: number | null;
  /** What may be stored beyond the limit; null: the limit is soft and only told. */
  readonly overageBytes: number | null;
  readonly usedBytes: number;
  /** Used, promised to uploads on their way, or taken out for Assigned groups. */
  readonly heldBytes: number;
}

export interface Quota {
  /** Those that count for the machine, from itself upwards; `separatePools` says which count of group and organization. */
  levels(machine: string, options: { separatePools: boolean }): Promise<QuotaLevel[]>;
  /** The same for a machine as it would be: of another user, or not deleted any more. */
  levelsOf(machine: rows.MachineRow, options: { separatePools: boolean }): Promise<QuotaLevel[]>;
  /** This process's promise. Throws `service/busy` when another process has one about the same blob: nobody else may touch that now. */
  reserve(row: Omit<rows.ReservationRow, "node">): Promise<void>;
  /** False: it is not this process's any more, which was thought dead, and may do nothing about the blob. */
  release(id: string): Promise<boolean>;
  /** Whether it is still this process's. */
  isHeld(id: string): Promise<boolean>;
  /** Of a process that died. False when it was not `from`'s any more. */
  takeOver(id: string, nodes: { from: string; to: string }): Promise<boolean>;
  /** Adds to the used bytes of all levels, of a deleted machine only to its own; gives back when negative. */
  charge(machine: string, bytes: number): Promise<void>;
  /** What a machine uses no longer counts (-1) or counts again (1) for the user, group and organization that its row names. */
  countAbove(machine: string, sign: 1 | -1): Promise<void>;
  /** What a machine uses, and what its uploads were promised, counts for another user and group of the organization. */
  move(machine: string, to: { account: string; userGroup: string }): Promise<void>;
  listReservations(): Promise<rows.ReservationRow[]>;
}

export interface RecordStores extends NoticeStores, PolicyStores {
  readonly organizations: Organizations;
  readonly groups: Groups;
  readonly pools: Pools;
  readonly roles: Roles;
  readonly accounts: Accounts;
  readonly links: Links;
  readonly tokens: Tokens;
  readonly attempts: Attempts;
  readonly activity: Activity;
  readonly productKeys: ProductKeys;
  readonly machines: Machines;
  readonly vaults: Vaults;
  readonly recoveryCertificates: RecoveryCertificates;
  readonly sessions: Sessions;
  readonly packs: Packs;
  readonly chunks: Chunks;
  readonly snapshots: Snapshots;
  readonly backups: Backups;
  readonly restores: Restores;
  readonly webRestores: WebRestores;
  readonly agentStates: AgentStates;
  readonly audit: Audit;
  readonly quota: Quota;
  readonly lists: Lists;
  readonly tree: Tree;
  readonly resetRequests: ResetRequests;
  readonly cluster: Cluster;
  readonly chains: Chains;
  readonly recordLists: RecordLists;
  readonly rememberedCalls: RememberedCalls;
  readonly figures: Figures;
  readonly usage: Usage;
  readonly spaces: space.Spaces;
  readonly retention: space.RetentionRules;
  readonly pins: space.Pins;
  readonly holds: space.Holds;
  readonly damages: space.Damages;
  readonly jobRuns: space.JobRuns;
  readonly reach: space.Reach;
}

export interface Records extends RecordStores {
  /** This process's name among those that share the rows; new with each start. */
  readonly node: string;
  /**
   * All of `work` or nothing, durable when it resolves; transactions follow one another. Inside, only the stores that `work` is given
   * may be used, nothing slow may be awaited, and no error of theirs may be caught. It may run more than once before it takes hold, so it changes
   * nothing else. `lock` names rows that many want at a time: transactions with the same one wait for each other from their beginning.
   */
  transaction<T>(work: (stores: RecordStores) => Promise<T>, options?: { lock?: string | undefined }): Promise<T>;
  /** Throws when the database does not answer. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
