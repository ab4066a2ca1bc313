/** Users: who backs machines up. */
import { z } from "zod";
import { count, deviceKind, email, instant, name, password, rowId, sizeBytes } from "./fields.ts";

/** Counts of section O: a limit, and how far it may be exceeded; no overage: it is only told. */
export const deviceQuota = z.strictObject({ limit: count.nullable(), overage: count.nullable() });
export const deviceQuotas = z.strictObject({
  workstations: deviceQuota.optional(),
  servers: deviceQuota.optional(),
  virtualMachines: deviceQuota.optional(),
  mobiles: deviceQuota.optional(),
  mailboxes: deviceQuota.optional(),
});
export type DeviceQuotas = z.infer<typeof deviceQuotas>;

export const userState = z.enum(["inactive", "active", "suspended", "canceled", "deleted"]);

export const userView = z.object({
  id: rowId,
  email: z.string(),
  group: z.object({ id: rowId, name: z.string(), isDefault: z.boolean() }),
  externalId: z.string().nullable(),
  kind: deviceKind.nullable(),
  name: z.string(),
  state: userState,
  limitBytes: sizeBytes.nullable(),
  overageBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  machines: count,
  lastBackupAt: instant.nullable(),
  devices: z.object({
    desktop: z.object({ used: count, limit: count }),
    server: z.object({ used: count, limit: count }),
  }),
  version: z.int(),
  createdAt: instant,
});
export type UserView = z.infer<typeof userView>;

export const userCreate = z.strictObject({
  /** Without it: the default group. */
  group: rowId.optional(),
  kind: deviceKind.nullable().default(null),
  email,
  name,
  password,
  limitBytes: sizeBytes.nullable().default(null),
  desktopDevices: count.max(1_000_000).default(1),
  serverDevices: count.max(1_000_000).default(0),
});
export const userChange = z.strictObject({
  name: name.optional(),
  state: z.enum(["active", "suspended"]).optional(),
  limitBytes: sizeBytes.nullable().optional(),
  desktopDevices: count.max(1_000_000).optional(),
  serverDevices: count.max(1_000_000).optional(),
  password: password.optional(),
});
