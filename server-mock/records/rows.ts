/**
 * The rows, as every implementation of `Records` keeps them. Instants are milliseconds since 1970 by the service's clock; sizes are 64-bit;
 * truth values are 0 or 1; row ids are time-ordered UUIDs, so that ordering by id is ordering by creation.
 */

import type { RestoreStatus } from "../../protocol/restore-status.ts";

export type Role = "owner" | "admin" | "user";
export type DeviceKind = "desktop" | "server";
export type Flag = 0 | 1;

export type Edition = "home" | "pro" | "enterprise";

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly edition: Edition;
  /** Where its users log in; null: they can't. */
  readonly subdomain: string | null;
  /** Of a deleted one only its id is left, for the records of its machines. */
  readonly state: "active" | "suspended" | "deleted";
  /** JSON: `organizationSettings` of protocol/messages/organizations.ts. */
  readonly settings: string;
  /** Grows with every edit. */
  readonly version: number;
  readonly createdAt: number;
}

export interface GroupRow {
  readonly id: string;
  readonly organization: string;
  /** Unique in its organization. */
  readonly name: string;
  readonly isDefault: Flag;
  readonly externalId: string | null;
  /** JSON: `groupSettings` of protocol/messages/groups.ts. */
  readonly settings: string;
  readonly version: number;
  readonly createdAt: number;
}

/** Storage is counted for all machines and for each licence kind; the organization's settings say which counts are limited. */
export type PoolKind = "all" | DeviceKind;

/** Room of an organization or a group. Every holder has a row of each kind. */
export interface PoolRow {
  /** Id of the organization or group. */
  readonly holder: string;
  readonly kind: PoolKind;
  readonly organization: string;
  /**
   * Of a group: draws on the organization's pool (shared), up to `limitBytes` (limited), has `limitBytes` taken out of it (assigned), or may store
   * nothing (none). Of an organization always shared.
   */
  readonly mode: "shared" | "limited" | "assigned" | "none";
  readonly limitBytes: number | null;
  /** What may be stored beyond the limit; null: the limit is soft and only told. */
  readonly overageBytes: number | null;
  readonly usedBytes: number;
  /** Licences, in the rows of the two kinds; null: as many as the holder above has. */
  readonly devices: number | null;
}

/** A set of capabilities, and whom they reach. */
export interface RoleRow {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  /** JSON: names of protocol/capabilities.ts. */
  readonly capabilities: string;
  /** JSON: ids of groups; null: the whole organization. */
  readonly scopeGroups: string | null;
  /** Account. */
  readonly madeBy: string | null;
  readonly version: number;
  readonly createdAt: number;
}

/** A log-in: an owner (no organization), an admin or a user of one. */
export interface AccountRow {
  readonly id: string;
  readonly organization: string | null;
  readonly role: Role;
  /** Of an admin; null: everything in the organization. */
  readonly roleId: string | null;
  /** Lower-case; unique over everything; of users their e-mail address. */
  readonly login: string;
  /** Where mails go; several log-ins may share one. */
  readonly email: string;
  readonly name: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly externalId: string | null;
  /** As `domain/passwords.ts` writes it; null: nobody can log in until the account is activated (again). */
  readonly password: string | null;
  readonly isPasswordTemporary: Flag;
  /** Second factor, as `domain/second-factor.ts` writes it; null: none. */
  readonly totp: string | null;
  /** Of a purged one only its id is left, for the records of its machines. */
  readonly state: "inactive" | "active" | "suspended" | "canceled" | "deleted" | "purged";
  /** When the state became what it is; null: at creation. */
  readonly stateAt: number | null;
  /** Of users. */
  readonly userGroup: string | null;
  /** All machines of a user are of this kind; null: of either. */
  readonly kind: DeviceKind | null;
  readonly limitBytes: number | null;
  /** What may be stored beyond the limit; null: the limit is soft and only told. */
  readonly overageBytes: number | null;
  readonly usedBytes: number;
  readonly desktopDevices: number;
  readonly serverDevices: number;
  /** JSON: `deviceQuotas` of protocol/messages/users.ts. */
  readonly deviceQuotas: string;
  readonly sync: Flag;
  /** Network address of whoever made it. */
  readonly createdFrom: string | null;
  readonly installRegion: string | null;
  readonly notifications: "off" | "less" | "more" | "all";
  readonly businessNotifications: Flag;
  readonly agentAutoUpdate: Flag;
  readonly locations: "local-and-cloud" | "cloud-only";
  /** Of machines that are not deleted; kept here for lists. */
  readonly machineCount: number;
  /** The newest successful backup of those machines. */
  readonly lastBackupAt: number | null;
  readonly version: number;
  readonly createdAt: number;
}

/** What has to be done before anything else: enrol a second factor, choose a password. `restore`: given for restores only. */
export type LimitedTo = "second-factor" | "password" | "restore";

export interface TokenRow {
  /** SHA-256 of the token. */
  readonly digest: Uint8Array;
  readonly id: string | null;
  /** `download`: in an address, good for one archive and nothing else. */
  readonly audience: "agent" | "console" | "restore" | "download";
  readonly account: string | null;
  readonly machine: string | null;
  readonly restore: string | null;
  /** Of a token that a person made for a program; null: a session. */
  readonly name: string | null;
  /** JSON; null: all that the account has. */
  readonly capabilities: string | null;
  /** The admin who acts as `account`. */
  readonly actor: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly createdAt: number;
  /** null: never. */
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  /** When the password was last given. */
  readonly provenAt: number | null;
  /** A browser's: ends also when it was idle for long. */
  readonly isCookie: Flag;
  /** The only thing that it is good for until that is done; null: everything. */
  readonly limitedTo: LimitedTo | null;
}

/** A link in a mail: good once, for a while. */
export interface LinkRow {
  /** SHA-256 of its secret. */
  readonly digest: Uint8Array;
  readonly purpose: "activate" | "reset";
  readonly account: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface ProductKeyRow {
  readonly id: string;
  /** SHA-256 of the 20 characters. */
  readonly digest: Uint8Array;
  readonly lastGroup: string;
  readonly kind: DeviceKind;
  readonly organization: string;
  readonly userGroup: string;
  /** null: unassigned. */
  readonly account: string | null;
  /** null: not activated. */
  readonly machine: string | null;
  readonly revokedAt: number | null;
  readonly suspendedAt: number | null;
  /** Mailed to its user. */
  readonly sentAt: number | null;
  readonly activatedAt: number | null;
  readonly version: number;
  readonly createdAt: number;
}

export interface MachineRow {
  readonly id: string;
  readonly organization: string;
  readonly account: string;
  /** Its user's. */
  readonly userGroup: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly os: string;
  readonly kind: DeviceKind;
  readonly virtual: Flag;
  readonly fingerprint: string;
  readonly agentVersion: string;
  readonly state: "active" | "suspended";
  /** Deleted ones can come back for a while; they take no device, and their bytes count for nobody above them. */
  readonly deletedAt: number | null;
  /** Nothing is left of it but its records. */
  readonly purgedAt: number | null;
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  readonly productKey: string | null;
  readonly createdAt: number;
  /** The last successful backup. */
  readonly lastUpdateAt: number | null;
  /** The last run that failed or was incomplete, and why. */
  readonly lastFailureAt: number | null;
  readonly lastFailureCode: string | null;
  /** The last contact. */
  readonly lastSeenAt: number | null;
  readonly installRegion: string | null;
  readonly version: number;
}

/** A machine's encrypted history: its public keys, the head of its chain and the fence of its writers. */
export interface VaultRow {
  /** Short name in the tables of packs and chunks. */
  readonly number: number;
  readonly id: string;
  readonly machine: string;
  readonly epoch: number;
  readonly readKey: Uint8Array;
  readonly signer: Uint8Array;
  readonly signerProof: Uint8Array;
  /** JSON (format §2.1). */
  readonly wrap: string;
  /** Grows with every change of the wrap, from 1. */
  readonly wrapVersion: number;
  /** When it was changed last; null: never. */
  readonly wrapAt: number | null;
  readonly sequence: number;
  /** Hash of the newest record; zeros before the first. */
  readonly head: string;
  /** Grows with every session; only the session that carries the newest may write. */
  readonly fence: number;
}

export interface SessionRow {
  readonly id: string;
  readonly vault: number;
  readonly machine: string;
  readonly fence: number;
  readonly idempotencyKey: string;
  readonly state: "open" | "fenced" | "expired" | "committed" | "ended";
  readonly leaseUntil: number;
  readonly backup: string;
  /** Name of the record file that a commit is writing; a crash leaves it here. */
  readonly intent: string | null;
  readonly openedAt: number;
}

export interface PackRow {
  readonly number: number;
  readonly vault: number;
  readonly id: Uint8Array;
  readonly sizeBytes: number;
  readonly kind: 0 | 1;
  /**
   * Staged packs belong to whichever session of the vault is open. A damaged one is kept for what is left of it; one in the trash holds nothing that
   * anybody refers to, and its file goes some days later.
   */
  readonly state: "staged" | "live" | "damaged" | "trash";
  /** Encapsulated keys, 32 bytes each. */
  readonly sessions: Uint8Array;
  readonly receivedAt: number;
  /** When it was found damaged, or came into the trash. */
  readonly stateAt: number | null;
  /** When its bytes were last seen to be right. */
  readonly scrubbedAt: number | null;
  /** Sealed bytes of chunks in it that have no row any more. */
  readonly deadBytes: number;
}

export interface ChunkRow {
  readonly vault: number;
  readonly id: Uint8Array;
  readonly pack: number;
  readonly offset: number;
  readonly length: number;
  readonly session: number;
  readonly type: number;
  /** Nothing refers to it since then; a commit may still take it up again. */
  readonly condemnedAt: number | null;
  /** Its pack was found damaged then. */
  readonly lostAt: number | null;
}

/** What one page or list refers to: distinct chunk ids, 32 bytes each. */
export interface LinksRow {
  readonly pack: number;
  readonly position: number;
  readonly links: Uint8Array;
  /** The page or list itself; null in rows of the first release. */
  readonly chunk: Uint8Array | null;
}

export interface SnapshotRow {
  readonly vault: number;
  readonly sequence: number;
  readonly record: string;
  readonly root: Uint8Array;
  readonly receivedAt: number;
  readonly claimedAt: number;
  readonly incomplete: Flag;
  readonly files: number;
  readonly bytes: number;
  readonly receipt: Uint8Array;
  /** Pruned ones can be brought back for some days; of those that are gone only the record stays, for the chain. */
  readonly state: "kept" | "pruned" | "gone";
  readonly stateAt: number | null;
  /** When its record was last seen to be right. */
  readonly scrubbedAt: number | null;
}

export interface CounterColumns {
  readonly files: number;
  readonly bytes: number;
  readonly filesEncoded: number;
  readonly bytesEncoded: number;
  readonly filesTransferred: number;
  readonly bytesTransferred: number;
}

export interface BackupRow extends CounterColumns {
  readonly id: string;
  readonly organization: string;
  readonly machine: string;
  readonly type: "Manual" | "Automatic" | "Scheduled" | "Continuous" | "Local";
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly state: "running" | "success" | "incomplete" | "failed" | "cancelled";
  readonly result: string | null;
  readonly message: string | null;
  readonly problemCount: number;
  /** JSON. */
  readonly problems: string;
  readonly snapshot: number | null;
  /** JSON: `RunFlags` of domain/records/run-flags.ts; null: none. */
  readonly flags: string | null;
}

export interface RestoreRow {
  readonly id: string;
  readonly organization: string;
  readonly machine: string;
  readonly requestedBy: string;
  readonly source: "agent" | "cli" | "web";
  readonly purpose: string;
  readonly requestedAt: number;
  readonly finishedAt: number | null;
  readonly expiresAt: number;
  readonly filesRequested: number | null;
  readonly filesRetrieved: number;
  readonly bytes: number;
  readonly status: RestoreStatus;
  readonly code: string | null;
}

export interface AuditRow {
  readonly id: number;
  readonly organization: string | null;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly address: string | null;
  /** Whom it concerns, so that people see what was done to them. */
  readonly account: string | null;
}

/** Room that a pack on its way has been promised. */
export interface ReservationRow {
  readonly id: string;
  readonly organization: string;
  readonly userGroup: string;
  readonly account: string;
  readonly machine: string;
  readonly kind: DeviceKind;
  readonly bytes: number;
  /** Name of the blob that may exist without a row if the process dies now. */
  readonly blob: string;
  /** The process that promised it. */
  readonly node: string;
}
