/** Users: who backs machines up. */
import { z } from "zod";
import { count, deviceKind, email, instant, name, password, quotaColour, range, rowId, sizeBytes } from "./fields.ts";
import { region } from "./organizations.ts";

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
export const notificationLevel = z.enum(["off", "less", "more", "all"]);
export const locations = z.enum(["local-and-cloud", "cloud-only"]);

const devices = z.object({ used: count, limit: count });

export const userView = z.object({
  id: rowId,
  email: z.string(),
  group: z.object({ id: rowId, name: z.string(), label: z.string(), isDefault: z.boolean() }),
  externalId: z.string().nullable(),
  kind: deviceKind.nullable(),
  name: z.string(),
  state: userState,
  /** Of a deleted one: until when it can be undeleted. */
  undeletableUntil: instant.nullable(),
  /** No password was chosen yet, or Allow Re-Activation took it away. */
  mustActivate: z.boolean(),
  limitBytes: sizeBytes.nullable(),
  overageBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  machines: count,
  lastBackupAt: instant.nullable(),
  devices: z.object({ desktop: devices, server: devices }),
  sync: z.boolean(),
  installRegion: z.string().nullable(),
  notifications: notificationLevel,
  businessNotifications: z.boolean(),
  agentAutoUpdate: z.boolean(),
  locations,
  /** Network address of whoever made it. */
  createdFrom: z.string().nullable(),
  version: z.int(),
  createdAt: instant,
});
export type UserView = z.infer<typeof userView>;

/** The panel of one user: also what is free, and what its limits may be. */
export const userDetails = userView.extend({
  availableBytes: sizeBytes.nullable(),
  quotaState: quotaColour,
  /** It is asked for at every log-in. */
  hasSecondFactor: z.boolean(),
  allowed: z.object({ limitBytes: range, desktopDevices: range, serverDevices: range }),
});
export type UserDetails = z.infer<typeof userDetails>;

const deviceCount = count.max(1_000_000);
const externalId = z.string().trim().max(200).nullable();

export const userCreate = z.strictObject({
  /** Without it: the default group. */
  group: rowId.optional(),
  kind: deviceKind.nullable().default(null),
  email,
  name,
  password,
  limitBytes: sizeBytes.nullable().default(null),
  desktopDevices: deviceCount.default(1),
  serverDevices: deviceCount.default(0),
});

export const USERS_AT_ONCE_MAX = 500;

/** Add New User: one group and one profile for all rows. */
export const usersCreate = z.strictObject({
  group: rowId.optional(),
  kind: deviceKind,
  /** null: shares the group's. */
  limitBytes: sizeBytes.nullable().default(null),
  devices: deviceCount.default(1),
  installRegion: region.nullable().default(null),
  sync: z.boolean().default(false),
  /** Mails each a link to choose a password, and how to install. */
  sendInstructions: z.boolean().default(true),
  /** Each password is good for choosing another one only. Needs a subdomain. */
  temporaryPasswords: z.boolean().default(false),
  /** None is made when one can't be. */
  allOrNothing: z.boolean().default(false),
  users: z
    .array(
      z.strictObject({
        name: z.string().max(1000),
        /** Looked at row by row, so that one mistake is told next to its field. */
        email: z.string().max(1000),
        externalId: externalId.default(null),
        password: password.optional(),
      }),
    )
    .min(1)
    .max(USERS_AT_ONCE_MAX),
});

export const usersCreated = z.object({
  created: count,
  failed: count,
  rows: z.array(
    z.object({
      email: z.string(),
      user: userView.nullable(),
      error: z.object({ code: z.string(), message: z.string(), field: z.string().nullable() }).nullable(),
    }),
  ),
});
export type UsersCreated = z.infer<typeof usersCreated>;

export const userChange = z.strictObject({
  externalId: externalId.optional(),
  name: name.optional(),
  /** Moves the user, with its machines and what they use. */
  group: rowId.optional(),
  installRegion: region.nullable().optional(),
  state: z.enum(["active", "suspended", "canceled"]).optional(),
  limitBytes: sizeBytes.nullable().optional(),
  /** null: the limit is soft and only told. */
  overageBytes: sizeBytes.nullable().optional(),
  desktopDevices: deviceCount.optional(),
  serverDevices: deviceCount.optional(),
  sync: z.boolean().optional(),
  notifications: notificationLevel.optional(),
  businessNotifications: z.boolean().optional(),
  agentAutoUpdate: z.boolean().optional(),
  locations: locations.optional(),
  /** Where the user logs in and gets mail. */
  email: email.optional(),
  password: password.optional(),
  /** The password is good for choosing another one only. Needs a subdomain. */
  temporary: z.boolean().optional(),
});
export type UserChange = z.infer<typeof userChange>;

export const activationSend = z.strictObject({ sendMail: z.boolean().default(true) });
/** The user's e-mail address, typed again. */
export const userPurge = z.strictObject({ confirm: z.string().max(254) });
