/** Log-ins. */
import { z } from "zod";
import { capability } from "./capabilities.ts";
import { instant, name, password, rowId, secondFactorCode } from "./fields.ts";
import { notificationLevel } from "./users.ts";

export const loginRequest = z.strictObject({
  /** The log-in name: of users and admins their e-mail address. */
  email: z.string().trim().min(1).max(254),
  password,
  code: secondFactorCode.optional(),
  /** `restore`: for agents, the command line, restores. Users log in to the console only at their organization's subdomain. */
  for: z.enum(["console", "restore"]).default("restore"),
  /** The subdomain; absent: the one of the address that is called, or else the administrators' log-in. */
  organization: z.string().trim().toLowerCase().max(63).optional(),
  /** A browser's log-in: the token comes as a cookie that no script can read. */
  cookie: z.boolean().default(false),
});
/** After `login/second-factor-needed`. */
export const secondStepRequest = z.strictObject({ ticket: z.string().min(1).max(2000), code: secondFactorCode });

export const proveRequest = z.strictObject({ password, code: secondFactorCode.optional() });
export const proveResponse = z.object({ provenUntil: instant });

const loginLimit = z.enum(["second-factor", "password", "restore"]).nullable();

const accountSummary = z.object({
  id: rowId,
  email: z.string(),
  name: z.string(),
  role: z.enum(["owner", "admin", "user"]),
  organization: rowId.nullable(),
  /** What the account may do; users need none for what is their own. */
  capabilities: z.array(capability),
});

export const loginResponse = z.object({
  /** Empty when a cookie carries it. */
  token: z.string(),
  expiresAt: instant,
  /** What this log-in is limited to; null: nothing. */
  limitedTo: loginLimit,
  account: accountSummary,
});
export type LoginResponse = z.infer<typeof loginResponse>;

/** What a console that was opened again has to know: who it is, and what this log-in is good for. */
export const ownAccount = z.object({
  account: accountSummary,
  /** The admin who acts in its name. */
  actor: z.string().nullable(),
  limitedTo: loginLimit,
  expiresAt: instant.nullable(),
  /** Until then nothing asks for the password again; null: everything that is dangerous does. */
  provenUntil: instant.nullable(),
  /** About one's own machines: which mails. */
  notifications: notificationLevel,
  /** About one's own quotas: mails or none. */
  businessNotifications: z.boolean(),
  version: z.int(),
});
export type OwnAccount = z.infer<typeof ownAccount>;

export const ownAccountChange = z.strictObject({
  name: name.optional(),
  notifications: notificationLevel.optional(),
  businessNotifications: z.boolean().optional(),
});
export type OwnAccountChange = z.infer<typeof ownAccountChange>;
