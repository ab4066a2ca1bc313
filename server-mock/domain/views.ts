/** Rows as the messages show them. */
import { bug } from "../../protocol/errors.ts";
import { type MachineView, wrap as wrapSchema } from "../../protocol/messages/machines.ts";
import type { ProductKeyView } from "../../protocol/messages/product-keys.ts";
import type { AuditView, BackupView, RestoreView, SnapshotView } from "../../protocol/messages/records.ts";
import { problem } from "../../protocol/messages/sessions.ts";
import type { RecordStores } from "../records/records.ts";
import type * as rows from "../records/rows.ts";
import { quotaView } from "./backup/quota.ts";
import { flagsSaid } from "./records/run-flags.ts";
import { shownResult, shownType } from "./records/shown.ts";

export const instant = (ms: number): string => new Date(ms).toISOString();

export const instantOrNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));

export async function viewMachine(stores: RecordStores, row: rows.MachineRow): Promise<MachineView> {
  const account = await stores.accounts.find(row.account);
  const organization = await stores.organizations.find(row.organization);
  const group = await stores.groups.find(row.userGroup);
  const vault = await stores.vaults.findByMachine(row.id);
  if (account === undefined || organization === undefined || group === undefined || vault === undefined)
    return bug("a machine without user, group, organization or vault");
  return {
    id: row.id,
    name: row.name,
    os: row.os,
    kind: row.kind,
    virtual: row.virtual === 1,
    state: row.state,
    user: { id: account.id, email: account.login, name: account.name },
    organization: organization.name,
    group: { id: group.id, name: group.name },
    externalId: row.externalId,
    encryption: wrapOf(vault).kind,
    encryptionSince: instant(encryptionSince(row, vault)),
    clientVersion: row.agentVersion,
    productKey: row.productKey,
    createdAt: instant(row.createdAt),
    lastUpdateAt: instantOrNull(row.lastUpdateAt),
    lastSeenAt: instantOrNull(row.lastSeenAt),
    lastFailureAt: instantOrNull(row.lastFailureAt),
    lastFailureCode: row.lastFailureCode,
    deletedAt: instantOrNull(row.deletedAt),
    version: row.version,
    limitBytes: row.limitBytes,
    quota: await quotaView(stores, row),
    vault: {
      id: vault.id,
      readKey: Buffer.from(vault.readKey).toString("base64"),
      sequence: vault.sequence,
      head: vault.head,
    },
  };
}

export const encryptionSince = (
  machine: Pick<rows.MachineRow, "createdAt">,
  { wrapAt }: Pick<rows.VaultRow, "wrapAt">,
): number => wrapAt ?? machine.createdAt;

export const wrapOf = (vault: Pick<rows.VaultRow, "wrap">) => wrapSchema.parse(JSON.parse(vault.wrap));

export async function viewProductKey(stores: RecordStores, row: rows.ProductKeyRow): Promise<ProductKeyView> {
  const user = row.account === null ? undefined : await stores.accounts.find(row.account);
  const group = await stores.groups.find(row.userGroup);
  const machine = row.machine === null ? undefined : await stores.machines.findEvenDeleted(row.machine);
  return {
    id: row.id,
    lastGroup: row.lastGroup,
    kind: row.kind,
    state: keyState(row),
    group: row.userGroup,
    user: user === undefined ? null : { id: user.id, email: user.login },
    machine: row.machine,
    shown: { group: group?.name ?? "", machine: machine?.name ?? null },
    activatedAt: instantOrNull(row.activatedAt),
    sentAt: instantOrNull(row.sentAt),
    version: row.version,
    createdAt: instant(row.createdAt),
  };
}

export function keyState(row: rows.ProductKeyRow): ProductKeyView["state"] {
  if (row.revokedAt !== null) return "revoked";
  if (row.suspendedAt !== null) return "suspended";
  if (row.machine !== null) return "activated";
  return row.account === null ? "unassigned" : "assigned";
}

export const viewSnapshot = (row: rows.SnapshotRow): SnapshotView => ({
  sequence: row.sequence,
  record: row.record,
  receivedAt: instant(row.receivedAt),
  claimedAt: claimedInstant(row.claimedAt),
  incomplete: row.incomplete === 1,
  files: row.files,
  bytes: row.bytes,
  ...(row.state === "kept" ? {} : { pruned: true }),
});

/** A machine may claim any number; dates end where JavaScript's do. */
const claimedInstant = (ms: number): string =>
  instant(Math.max(-62_135_596_800_000, Math.min(ms, 253_402_300_799_999)));

export const viewBackup = (row: rows.BackupRow): BackupView => ({
  id: row.id,
  machine: row.machine,
  type: row.type,
  startedAt: instant(row.startedAt),
  endedAt: instantOrNull(row.endedAt),
  state: row.state,
  result: row.result,
  message: row.message,
  files: row.files,
  bytes: row.bytes,
  filesEncoded: row.filesEncoded,
  bytesEncoded: row.bytesEncoded,
  filesTransferred: row.filesTransferred,
  bytesTransferred: row.bytesTransferred,
  problemCount: row.problemCount,
  problems: problem.array().parse(JSON.parse(row.problems)),
  snapshot: row.snapshot,
  flags: flagsSaid(row),
  shown: { type: shownType(row), result: shownResult(row) },
});

export const viewRestore = (row: rows.RestoreRow): RestoreView => ({
  id: row.id,
  machine: row.machine,
  source: row.source,
  requestedAt: instant(row.requestedAt),
  finishedAt: instantOrNull(row.finishedAt),
  requestedBy: row.requestedBy,
  filesRequested: row.filesRequested,
  filesRetrieved: row.filesRetrieved,
  bytes: row.bytes,
  status: row.status,
  code: row.code,
  purpose: row.purpose,
  expiresAt: instant(row.expiresAt),
});

export const viewAudit = (row: rows.AuditRow): AuditView => ({
  id: row.id,
  at: instant(row.at),
  actor: row.actor,
  action: row.action,
  subject: row.subject,
  detail: row.detail,
  address: row.address,
});
