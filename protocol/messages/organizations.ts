/** Organizations: edition, subdomain, settings, room. */
import { z } from "zod";
import { count, email, instant, name, password, rowId, sizeBytes } from "./fields.ts";

export const edition = z.enum(["home", "pro", "enterprise"]);

export const subdomain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/, "3 to 63 letters, digits and dashes");

const days = (fallback: number) => z.int().min(0).max(3650).default(fallback);

/** Kept as JSON; what is absent has its default. */
export const organizationSettings = z.strictObject({
  /** Server and Desktop have rooms of their own. */
  separatePools: z.boolean().default(false),
  /** Else users' credentials are good for the agent and for restores only. Needs a subdomain. */
  usersLogIn: z.boolean().default(false),
  userGroups: z.boolean().default(true),
  sync: z.boolean().default(false),
  /** The account form of section O is offered. */
  accountForm: z.boolean().default(true),
  /** Who must have a second factor. */
  secondFactor: z.enum(["optional", "admins", "everyone"]).default("optional"),
  undeleteMachineDays: days(14),
  undeleteUserDays: days(60),
  /** A machine without a successful backup for this long is overdue. */
  overdueDays: z.int().min(1).max(365).default(3),
  timeZone: z.string().max(60).default("UTC"),
});
export type OrganizationSettings = z.infer<typeof organizationSettings>;

/** One count of storage and licences. */
export const poolView = z.object({
  kind: z.enum(["all", "desktop", "server"]),
  mode: z.enum(["shared", "limited", "assigned", "none"]),
  limitBytes: sizeBytes.nullable(),
  overageBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  devices: count.nullable(),
});

export const organizationView = z.object({
  id: rowId,
  name: z.string(),
  edition,
  subdomain: z.string().nullable(),
  state: z.enum(["active", "suspended"]),
  settings: organizationSettings,
  limitBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  pools: z.array(poolView),
  version: z.int(),
  createdAt: instant,
});
export type OrganizationView = z.infer<typeof organizationView>;

export const organizationCreate = z.strictObject({
  name,
  edition: edition.default("pro"),
  subdomain: subdomain.nullable().default(null),
  limitBytes: sizeBytes.nullable().default(null),
  admin: z.strictObject({ email, name, password }),
});
