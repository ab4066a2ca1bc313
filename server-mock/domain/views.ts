/** Rows as the messages show them. */
import type { z } from "zod";
import { bug } from "../../protocol/errors.ts";
import type { organizationView, ProductKeyView, UserView } from "../../protocol/messages/accounts.ts";
import { type MachineView, wrap as wrapSchema } from "../../protocol/messages/machines.ts";
import type { AuditView, BackupView, RestoreView, SnapshotView } from "../../protocol/messages/records.ts";
import { problem } from "../../protocol/messages/sessions.ts";
import type { RecordStores } from "../records/records.ts";
import type * as rows from "../records/rows.ts";
import { quotaView } from "./quota.ts";

export const instant = (ms: number): string => new Date(ms).toISOString();

const instantOrNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));

export const viewOrganization = (row: rows.OrganizationRow): z.infer<typeof organizationView> => ({
  id: row.id,
  name: row.name,
  limitBytes: row.limitBytes,
  usedBytes: row.usedBytes,
  createdAt: instant(row.createdAt),
});

export async function viewUser(stores: RecordStores, row: rows.AccountRow): Promise<UserView> {
  const used = await stores.machines.countDevices(row.id);
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    state: row.state,
    limitBytes: row.limitBytes,
    usedBytes: row.usedBytes,
    devices: {
      desktop: { used: used.desktop, limit: row.desktopDevices },
      server: { used: used.server, limit: row.serverDevices },
    },
    createdAt: instant(row.createdAt),
  };
}

export async function viewMachine(stores: RecordStores, row: rows.MachineRow): Promise<MachineView> {
  const account = await stores.accounts.find(row.account);
  const organization = await stores.organizations.find(row.organization);
  const vault = await stores.vaults.findByMachine(row.id);
  if (account === undefined || organization === undefined || vault === undefined)
    return bug("a machine without user, organization or vault");
  return {
    id: row.id,
    name: row.name,
    os: row.os,
    kind: row.kind,
    virtual: row.virtual === 1,
    state: row.state,
    user: { id: account.id, email: account.email, name: account.name },
    organization: organization.name,
    encryption: wrapOf(vault).kind,
    clientVersion: row.agentVersion,
    productKey: row.productKey,
    createdAt: instant(row.createdAt),
    lastUpdateAt: instantOrNull(row.lastUpdateAt),
    lastSeenAt: instantOrNull(row.lastSeenAt),
    limitBytes: row.limitBytes,
    quota: await quotaView(stores, row.id),
    vault: {
      id: vault.id,
      readKey: Buffer.from(vault.readKey).toString("base64"),
      sequence: vault.sequence,
      head: vault.head,
    },
  };
}

export const wrapOf = (vault: rows.VaultRow) => wrapSchema.parse(JSON.parse(vault.wrap));

export async function viewProductKey(stores: RecordStores, row: rows.ProductKeyRow): Promise<ProductKeyView> {
  const user = await stores.accounts.find(row.account);
  return {
    id: row.id,
    lastGroup: row.lastGroup,
    kind: row.kind,
    state: row.revokedAt !== null ? "revoked" : row.machine !== null ? "activated" : "assigned",
    user: { id: row.account, email: user?.email ?? "" },
    machine: row.machine,
    createdAt: instant(row.createdAt),
  };
}

export const viewSnapshot = (row: rows.SnapshotRow): SnapshotView => ({
  sequence: row.sequence,
  record: row.record,
  receivedAt: instant(row.receivedAt),
  claimedAt: claimedInstant(row.claimedAt),
  incomplete: row.incomplete === 1,
  files: row.files,
  bytes: row.bytes,
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
