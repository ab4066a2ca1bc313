/** Client configuration, who has it, and codes for new hardware. */
import type { PolicyReceiptRow, PolicyRow, ReplacementRow } from "./policy-rows.ts";
import type { DeviceKind } from "./rows.ts";

export interface Policies {
  find(holder: string, kind: DeviceKind): Promise<PolicyRow | undefined>;
  /** Of these holders; the order means nothing. */
  listOf(holders: readonly string[], kind: DeviceKind): Promise<PolicyRow[]>;
  /** In place of the one that there was. */
  put(row: PolicyRow): Promise<void>;
  /** Of a holder that is going. */
  removeOf(holder: string): Promise<void>;
  findReceipt(machine: string): Promise<PolicyReceiptRow | undefined>;
  putReceipt(row: PolicyReceiptRow): Promise<void>;
}

export interface Replacements {
  insert(row: ReplacementRow): Promise<void>;
  find(digest: Uint8Array): Promise<ReplacementRow | undefined>;
  /** A machine has one code at most. */
  removeOf(machine: string): Promise<void>;
  removeExpired(now: number): Promise<void>;
}

export interface PolicyStores {
  readonly policies: Policies;
  readonly replacements: Replacements;
}
