/** The rows of a machine that is registered, and of its vault. */
import { bug } from "../../../protocol/errors.ts";
import type { MachineFacts, VaultPublic } from "../../../protocol/messages/machines.ts";
import { NO_RECORD } from "../../../protocol/snapshot-record.ts";
import type { AccountRow, MachineRow, ProductKeyRow, VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";

export function newMachine(
  domain: Domain,
  { id: account, organization, userGroup, installRegion }: AccountRow,
  facts: MachineFacts,
  key: ProductKeyRow | undefined,
): MachineRow {
  const now = domain.clock.now();
  if (organization === null || userGroup === null) return bug("a machine for an account without organization or group");
  return {
    id: domain.newId().replaceAll("-", ""),
    organization,
    account,
    userGroup,
    externalId: null,
    ...factColumns(facts),
    kind: facts.kind,
    state: "active",
    deletedAt: null,
    purgedAt: null,
    limitBytes: null,
    usedBytes: 0,
    productKey: key?.lastGroup ?? null,
    createdAt: now,
    lastUpdateAt: null,
    lastFailureAt: null,
    lastFailureCode: null,
    lastSeenAt: now,
    installRegion,
    version: 1,
  };
}

/** What the machine's system says of itself. */
export const factColumns = ({ name, os, virtual, fingerprint, agentVersion }: MachineFacts) => ({
  name,
  os,
  virtual: virtual ? (1 as const) : (0 as const),
  fingerprint,
  agentVersion,
});

export const newVault = (machine: string, vault: VaultPublic): Omit<VaultRow, "number"> => ({
  id: vault.id,
  machine,
  epoch: 1,
  readKey: Buffer.from(vault.readKey, "base64"),
  signer: Buffer.from(vault.signer, "base64"),
  signerProof: Buffer.from(vault.signerProof, "base64"),
  wrap: JSON.stringify(vault.wrap),
  wrapVersion: 1,
  wrapAt: null,
  sequence: 0,
  head: NO_RECORD,
  fence: 0,
});
