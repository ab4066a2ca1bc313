/** The account form (section O): one log-in with quotas of its own, an administrator or not. */
import { z } from "zod";
import { count, email, instant, name, quotaColour, range, rowId, sizeBytes } from "./fields.ts";
import { deviceQuotas, locations, notificationLevel, userState } from "./users.ts";

/** Unique over all organizations; several may share an e-mail address. */
const login = z
  .string()
  .trim()
  .toLowerCase()
  .normalize("NFC")
  .min(1)
  .max(254)
  // Nothing that nobody sees: two log-ins would look the same.
  .regex(/^[^\s/\p{Cc}\p{Cf}\p{Cs}]+$/u, "no blanks, slashes or invisible characters");
const personName = name.nullable();

const quota = z.object({ used: count, limit: count.nullable(), overage: count.nullable(), state: quotaColour });

export const accountView = z.object({
  id: rowId,
  organization: rowId,
  group: z.object({ id: rowId, name: z.string() }),
  login: z.string(),
  email: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  name: z.string(),
  administrator: z.boolean(),
  state: userState,
  agentAutoUpdate: z.boolean(),
  quotas: z.object({ workstations: quota, servers: quota, virtualMachines: quota, mobiles: quota, mailboxes: quota }),
  storage: z.object({
    usedBytes: sizeBytes,
    limitBytes: sizeBytes.nullable(),
    overageBytes: sizeBytes.nullable(),
    state: quotaColour,
  }),
  locations,
  notifications: notificationLevel,
  businessNotifications: z.boolean(),
  version: z.int(),
  createdAt: instant,
});
export type AccountView = z.infer<typeof accountView>;

/** One of them: also what its storage quota may be. */
export const accountDetails = accountView.extend({ allowed: z.object({ limitBytes: range }) });
export type AccountDetails = z.infer<typeof accountDetails>;

export const accountCreate = z.strictObject({
  /** Chosen by a top-level admin; everybody else's is their own. */
  organization: rowId.optional(),
  /** Without it: the default group. */
  group: rowId.optional(),
  login,
  email,
  firstName: personName.default(null),
  lastName: personName.default(null),
  administrator: z.boolean().default(false),
  agentAutoUpdate: z.boolean().default(true),
  /** No overage: the quota is soft and only told. */
  quotas: deviceQuotas.default({}),
  limitBytes: sizeBytes.nullable().default(null),
  overageBytes: sizeBytes.nullable().default(null),
  locations: locations.default("local-and-cloud"),
  notifications: notificationLevel.default("less"),
  businessNotifications: z.boolean().default(true),
});
export type AccountCreate = z.infer<typeof accountCreate>;

export const accountChange = z.strictObject({
  login: login.optional(),
  email: email.optional(),
  firstName: personName.optional(),
  lastName: personName.optional(),
  administrator: z.boolean().optional(),
  state: z.enum(["active", "suspended"]).optional(),
  agentAutoUpdate: z.boolean().optional(),
  /** Those that are named; the others stay. */
  quotas: deviceQuotas.optional(),
  limitBytes: sizeBytes.nullable().optional(),
  overageBytes: sizeBytes.nullable().optional(),
  locations: locations.optional(),
  notifications: notificationLevel.optional(),
  businessNotifications: z.boolean().optional(),
});
export type AccountChange = z.infer<typeof accountChange>;
