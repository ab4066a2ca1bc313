import { z } from "zod";
import { count, deviceKind, email, id16, instant, name, password, rowId, sizeBytes } from "./fields.ts";

export const loginRequest = z.strictObject({ email, password });
export const loginResponse = z.object({
  token: z.string(),
  expiresAt: instant,
  account: z.object({
    id: rowId,
    email: z.string(),
    name: z.string(),
    role: z.enum(["owner", "admin", "user"]),
    organization: rowId.nullable(),
  }),
});
export type LoginResponse = z.infer<typeof loginResponse>;

export const organizationView = z.object({
  id: rowId,
  name: z.string(),
  limitBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  createdAt: instant,
});
export const organizationCreate = z.strictObject({
  name,
  limitBytes: sizeBytes.nullable().default(null),
  admin: z.strictObject({ email, name, password }),
});

export const userView = z.object({
  id: rowId,
  email: z.string(),
  name: z.string(),
  state: z.enum(["active", "suspended"]),
  limitBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  devices: z.object({
    desktop: z.object({ used: count, limit: count }),
    server: z.object({ used: count, limit: count }),
  }),
  createdAt: instant,
});
export type UserView = z.infer<typeof userView>;

export const userCreate = z.strictObject({
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

/** The whole key is shown once, when it is made; afterwards only its last group. */
export const productKeyView = z.object({
  id: rowId,
  lastGroup: z.string(),
  kind: deviceKind,
  state: z.enum(["assigned", "activated", "revoked"]),
  user: z.object({ id: rowId, email: z.string() }),
  machine: id16.nullable(),
  createdAt: instant,
});
export type ProductKeyView = z.infer<typeof productKeyView>;
export const productKeyCreate = z.strictObject({
  user: rowId,
  kind: deviceKind,
  count: z.int().min(1).max(1000).default(1),
});
export const productKeysCreated = z.object({ keys: z.array(productKeyView.extend({ productKey: z.string() })) });
