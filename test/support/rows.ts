/** Rows for suites that fill a database directly: every column has a value, name the ones that matter. */
import type { Records } from "../../server-mock/records/records.ts";
import type * as rows from "../../server-mock/records/rows.ts";

export const organizationRow = (id: string, more: Partial<rows.OrganizationRow> = {}): rows.OrganizationRow => ({
  id,
  name: id,
  edition: "pro",
  subdomain: null,
  state: "active",
  settings: "{}",
  version: 1,
  createdAt: 1,
  ...more,
});

export const groupRow = (id: string, organization: string, more: Partial<rows.GroupRow> = {}): rows.GroupRow => ({
  id,
  organization,
  name: id,
  isDefault: 0,
  externalId: null,
  settings: "{}",
  version: 1,
  createdAt: 1,
  ...more,
});

/** Rooms of an organization or group, all without limits. */
export const poolRows = (holder: string, organization: string, more: Partial<rows.PoolRow> = {}): rows.PoolRow[] =>
  (["all", "desktop", "server"] as const).map((kind) => {
    const fields = { limitBytes: null, overageBytes: 0, usedBytes: 0, devices: null } as const;
    return { holder, kind, organization, mode: "shared", ...fields, ...more };
  });

export const accountRow = (id: string, more: Partial<rows.AccountRow> = {}): rows.AccountRow => ({
  id,
  organization: "o1",
  role: "user",
  roleId: null,
  login: `${id}@example.com`,
  email: `${id}@example.com`,
  name: id,
  firstName: null,
  lastName: null,
  externalId: null,
  password: "x",
  isPasswordTemporary: 0,
  totp: null,
  state: "active",
  stateAt: null,
  userGroup: null,
  kind: null,
  limitBytes: null,
  overageBytes: 0,
  usedBytes: 0,
  desktopDevices: 1,
  serverDevices: 0,
  deviceQuotas: "{}",
  sync: 0,
  createdFrom: null,
  installRegion: null,
  notifications: "less",
  businessNotifications: 1,
  agentAutoUpdate: 1,
  locations: "local-and-cloud",
  machineCount: 0,
  lastBackupAt: null,
  version: 1,
  createdAt: 1,
  ...more,
});

export const machineRow = (id: string, more: Partial<rows.MachineRow> = {}): rows.MachineRow => ({
  id,
  organization: "o1",
  account: "u1",
  userGroup: "g1",
  externalId: null,
  name: id,
  os: "",
  kind: "desktop",
  virtual: 0,
  fingerprint: `f-${id}`,
  agentVersion: "",
  state: "active",
  deletedAt: null,
  purgedAt: null,
  limitBytes: null,
  usedBytes: 0,
  productKey: null,
  createdAt: 1,
  lastUpdateAt: null,
  lastFailureAt: null,
  lastFailureCode: null,
  lastSeenAt: null,
  installRegion: null,
  version: 1,
  ...more,
});

export const tokenRow = (digest: number, more: Partial<rows.TokenRow> = {}): rows.TokenRow => ({
  digest: Buffer.alloc(32, digest),
  id: null,
  audience: "console",
  account: null,
  machine: null,
  restore: null,
  name: null,
  capabilities: null,
  actor: null,
  address: null,
  userAgent: null,
  createdAt: 1,
  expiresAt: null,
  lastUsedAt: null,
  provenAt: null,
  isCookie: 0,
  limitedTo: null,
  ...more,
});

/** Organizations o1 and o2 with groups g1 and g2; users u1, u2 of o1 and u3 of o2; machines m1, m2 of u1, m3 of u2, m4 of u3; vaults 1 and 2. */
export async function fillRecords(records: Records): Promise<Records> {
  for (const [organization, group] of [
    ["o1", "g1"],
    ["o2", "g2"],
  ] as const) {
    await records.organizations.insert(organizationRow(organization));
    await records.groups.insert(groupRow(group, organization, { isDefault: 1 }));
    for (const holder of [organization, group]) await records.pools.insert(poolRows(holder, organization));
  }
  for (const [id, organization, userGroup] of [
    ["u1", "o1", "g1"],
    ["u2", "o1", "g1"],
    ["u3", "o2", "g2"],
  ] as const)
    await records.accounts.insert(accountRow(id, { organization, userGroup }));
  for (const [id, account, organization, userGroup] of [
    ["m1", "u1", "o1", "g1"],
    ["m2", "u1", "o1", "g1"],
    ["m3", "u2", "o1", "g1"],
    ["m4", "u3", "o2", "g2"],
  ] as const)
    await records.machines.insert(machineRow(id, { account, organization, userGroup }));
  const keys = { readKey: Buffer.alloc(32), signer: Buffer.alloc(32), signerProof: Buffer.alloc(32) };
  const wrap = { wrap: "{}", wrapVersion: 1, wrapAt: null };
  for (const [id, of] of [
    ["v1", "m1"],
    ["v2", "m2"],
  ] as const)
    await records.vaults.insert({ id, machine: of, epoch: 1, ...keys, ...wrap, sequence: 0, head: "", fence: 0 });
  return records;
}
