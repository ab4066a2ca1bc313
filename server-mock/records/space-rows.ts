/** Rows of retention, collection and scrubbing. Instants are milliseconds since 1970 by the service's clock. */
import type { Flag } from "./rows.ts";

/** What is known of a vault's space, and what people decided about it. */
export interface SpaceRow {
  readonly vault: number;
  /** Something was dropped or added since the last collection. */
  readonly isDue: Flag;
  readonly collectedAt: number | null;
  /** Distinct chunks that kept snapshots refer to, sealed, when they were last counted. */
  readonly referencedBytes: number | null;
  readonly measuredAt: number | null;
  /** A collection wanted to free this much, which was more than may go without an admin's word. */
  readonly heldBytes: number | null;
  readonly heldAt: number | null;
  /** So much may go. */
  readonly confirmedBytes: number;
  /** Nothing expires until somebody has looked. */
  readonly frozenAt: number | null;
  readonly frozenReason: string | null;
  /** The newest snapshot that was looked at for a jump of changes. */
  readonly watchedSequence: number;
  /** How often chunks of this vault were found lost; the agent compares it with what it has seen. */
  readonly losses: number;
  /** SHA-256 of the vault's card in the storage (format §9), hexadecimal. */
  readonly card: string | null;
  /** All of it is in the trash since then; null also when nothing is left of it. */
  readonly purgedAt: number | null;
}

/** Retention as an organization, a group or a machine says it. */
export interface RetentionRow {
  /** Id of the organization, group or machine. */
  readonly holder: string;
  readonly organization: string;
  /** JSON: `retentionRule` of protocol/messages/retention.ts. */
  readonly rule: string;
  readonly changedAt: number;
}

/** A snapshot that no policy drops. */
export interface PinRow {
  readonly vault: number;
  readonly sequence: number;
  readonly reason: string;
  readonly madeBy: string;
  readonly madeAt: number;
}

/** Legal hold: nothing of the holder expires. */
export interface HoldRow {
  readonly id: string;
  readonly organization: string;
  readonly level: "organization" | "user" | "machine";
  readonly holder: string;
  readonly reason: string;
  readonly madeBy: string;
  readonly madeAt: number;
}

/** A pack or record that is not as it was stored. */
export interface DamageRow {
  readonly id: string;
  readonly vault: number;
  readonly kind: "pack" | "record";
  /** Of the pack, or the snapshot's sequence. */
  readonly name: string;
  readonly reason: string;
  /** Chunks that were lost with it. */
  readonly chunks: number;
  /** JSON: sequences of the snapshots that need them. */
  readonly snapshots: string;
  readonly foundAt: number;
  readonly state: "open" | "healed";
  readonly healedAt: number | null;
}

/** The last run of a job. */
export interface JobRunRow {
  readonly name: string;
  readonly startedAt: number;
  /** null: it is running, or was cut. */
  readonly endedAt: number | null;
  readonly succeededAt: number | null;
  /** An error's code; null: it went well. */
  readonly code: string | null;
  readonly message: string | null;
  /** JSON. */
  readonly result: string;
}
