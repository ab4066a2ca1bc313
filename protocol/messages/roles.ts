/** Roles, and the admins who have them. */
import { z } from "zod";
import { capability } from "./capabilities.ts";
import { count, email, instant, name, password, rowId } from "./fields.ts";
import { userState } from "./users.ts";

export const roleView = z.object({
  id: rowId,
  organization: rowId,
  name: z.string(),
  capabilities: z.array(capability),
  /** Whom it reaches; null: the whole organization. */
  groups: z.array(rowId).nullable(),
  /** What it really gives: never more than its maker has. */
  effective: z.object({ capabilities: z.array(capability), groups: z.array(rowId).nullable() }),
  admins: count,
  version: z.int(),
  createdAt: instant,
});
export type RoleView = z.infer<typeof roleView>;

const roleGroups = z.array(rowId).min(1).max(500).nullable();

export const roleCreate = z.strictObject({
  /** A top-level admin says where. */
  organization: rowId.optional(),
  name,
  capabilities: z.array(capability),
  groups: roleGroups.default(null),
});
export const roleChange = z.strictObject({
  name: name.optional(),
  capabilities: z.array(capability).optional(),
  groups: roleGroups.optional(),
});

export const adminView = z.object({
  id: rowId,
  organization: rowId.nullable(),
  email: z.string(),
  name: z.string(),
  state: userState,
  /** null: everything in the organization, or, without one, in the service. */
  role: z.object({ id: rowId, name: z.string() }).nullable(),
  hasSecondFactor: z.boolean(),
  version: z.int(),
  createdAt: instant,
});
export type AdminView = z.infer<typeof adminView>;

export const adminCreate = z.strictObject({
  organization: rowId.optional(),
  email,
  name,
  password,
  role: rowId.nullable().default(null),
});
export const adminChange = z.strictObject({
  name: name.optional(),
  state: z.enum(["active", "suspended"]).optional(),
  role: rowId.nullable().optional(),
  password: password.optional(),
});

export const ownerCreate = z.strictObject({ email, name, password });
export const ownerChange = adminChange.omit({ role: true });
