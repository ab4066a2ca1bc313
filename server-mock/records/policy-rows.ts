/** Rows of client configuration, and of codes that let new hardware take a machine's place. */
import type { DeviceKind } from "./rows.ts";

/** What an organization, a group or a machine says about its agents' configuration, for one licence kind. */
export interface PolicyRow {
  /** Id of the organization, group or machine. */
  readonly holder: string;
  readonly kind: DeviceKind;
  readonly organization: string;
  /** JSON: `policySettings` of protocol/messages/policies.ts. */
  readonly settings: string;
  readonly version: number;
  readonly changedAt: number;
  /** A log-in name. */
  readonly changedBy: string;
}

/** Which configuration a machine has taken over. */
export interface PolicyReceiptRow {
  readonly machine: string;
  /** Of the whole configuration: `domain/policies/effective.ts`. */
  readonly tag: string;
  readonly receivedAt: number;
}

/** A code for new hardware that takes over a machine's history: good once, for a while. */
export interface ReplacementRow {
  /** SHA-256 of the code. */
  readonly digest: Uint8Array;
  readonly machine: string;
  /** A log-in name. */
  readonly madeBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}
