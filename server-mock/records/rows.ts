/**
 * The rows, as every implementation of `Records` keeps them. Instants are milliseconds since 1970 by the service's clock; sizes are 64-bit;
 * truth values are 0 or 1; row ids are time-ordered UUIDs, so that ordering by id is ordering by creation.
 */

export type Role = "owner" | "admin" | "user";
export type DeviceKind = "desktop" | "server";
export type Flag = 0 | 1;

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  readonly createdAt: number;
}

/** A log-in: an owner (no organization), an admin or a user of one. */
export interface AccountRow {
  readonly id: string;
  readonly organization: string | null;
  readonly role: Role;
  /** Lower-case; unique over everything. */
  readonly email: string;
  readonly name: string;
  /** As `domain/passwords.ts` writes it. */
  readonly password: string;
  readonly state: "active" | "suspended";
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  readonly desktopDevices: number;
  readonly serverDevices: number;
  readonly createdAt: number;
}

export interface TokenRow {
  /** SHA-256 of the token. */
  readonly digest: Uint8Array;
  readonly audience: "agent" | "console" | "restore";
  readonly account: string | null;
  readonly machine: string | null;
  readonly restore: string | null;
  readonly createdAt: number;
  /** null: never. */
  readonly expiresAt: number | null;
}

export interface ProductKeyRow {
  readonly id: string;
  /** SHA-256 of the 20 characters. */
  readonly digest: Uint8Array;
  readonly lastGroup: string;
  readonly kind: DeviceKind;
  readonly organization: string;
  readonly account: string;
  readonly machine: string | null;
  readonly revokedAt: number | null;
  readonly createdAt: number;
}

export interface MachineRow {
  readonly id: string;
  readonly organization: string;
  readonly account: string;
  readonly name: string;
  readonly os: string;
  readonly kind: DeviceKind;
  readonly virtual: Flag;
  readonly fingerprint: string;
  readonly agentVersion: string;
  readonly state: "active" | "suspended";
  readonly deletedAt: number | null;
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  readonly productKey: string | null;
  readonly createdAt: number;
  /** The last successful backup. */
  readonly lastUpdateAt: number | null;
  /** The last contact. */
  readonly lastSeenAt: number | null;
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
  /** Staged packs belong to whichever session of the vault is open. */
  readonly state: "staged" | "live";
  /** Encapsulated keys, 32 bytes each. */
  readonly sessions: Uint8Array;
  readonly receivedAt: number;
}

export interface ChunkRow {
  readonly vault: number;
  readonly id: Uint8Array;
  readonly pack: number;
  readonly offset: number;
  readonly length: number;
  readonly session: number;
  readonly type: number;
}

/** What one page or list refers to: distinct chunk ids, 32 bytes each. */
export interface LinksRow {
  readonly pack: number;
  readonly position: number;
  readonly links: Uint8Array;
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
}

export interface RestoreRow {
  readonly id: string;
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
  readonly status: "running" | "completed" | "incomplete" | "failed" | "cancelled";
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
}

/** Room that a pack on its way has been promised. */
export interface ReservationRow {
  readonly id: string;
  readonly organization: string;
  readonly account: string;
  readonly machine: string;
  readonly bytes: number;
  /** Name of the blob that may exist without a row if the process dies now. */
  readonly blob: string;
}
