/** Organizations: edition, subdomain, settings, room. */
import { z } from "zod";
import { count, email, instant, name, password, range, rowId, sizeBytes } from "./fields.ts";

export const edition = z.enum(["home", "pro", "enterprise"]);

export const subdomain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/, "3 to 63 letters, digits and dashes");

const days = z.int().min(0).max(3650);
const version = z.string().trim().max(50).nullable();

/** Where a machine's data is to lie: names that the operator gives. */
export const region = z.string().trim().min(1).max(60);

/** Each setting: what it may be, and what it is unless somebody says otherwise. */
const SETTINGS = {
  /** Server and Desktop have rooms of their own. */
  separatePools: [z.boolean(), false],
  /** Else users' credentials are good for the agent and for restores only. Needs a subdomain. */
  usersLogIn: [z.boolean(), false],
  userGroups: [z.boolean(), true],
  sync: [z.boolean(), false],
  /** The account form of section O is offered. */
  accountForm: [z.boolean(), true],
  /** Who must have a second factor. */
  secondFactor: [z.enum(["optional", "admins", "everyone"]), "optional"],
  undeleteMachineDays: [days, 14],
  undeleteUserDays: [days, 60],
  /** A machine without a successful backup for this long is overdue. */
  overdueDays: [z.int().min(1).max(365), 3],
  timeZone: [z.string().refine(isTimeZone, "a time zone like Europe/Berlin"), "UTC"],
  /** What an install region override can name; none: nothing can. */
  installRegions: [z.array(region).max(100), []],
  /** Agents older than `minimum` are told to update, `pinned` is the version they update to; null: any. */
  agentVersions: [
    z.strictObject({ minimum: version, pinned: version, autoUpdate: z.boolean() }),
    { minimum: null, pinned: null, autoUpdate: true },
  ],
} as const satisfies Record<string, readonly [z.ZodType, unknown]>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name.length <= 60;
  } catch {
    return false;
  }
}

type Settings = { -readonly [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name][0]> };
type Optional = { [Name in keyof typeof SETTINGS]: z.ZodOptional<(typeof SETTINGS)[Name][0]> };
type Defaulted = { [Name in keyof typeof SETTINGS]: z.ZodDefault<(typeof SETTINGS)[Name][0]> };

const shaped = (shape: (schema: z.ZodType, fallback: unknown) => z.ZodType): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(SETTINGS).map(([name, [schema, fallback]]) => [name, shape(schema, fallback)]));

/** Kept as JSON; what is absent has its default. */
export const organizationSettings = z.strictObject(
  shaped((schema, fallback) => schema.default(fallback)) as unknown as Defaulted, // Each name has what the line above gives it.
);
export type OrganizationSettings = Settings;

/** What a change names; defaults would change what it doesn't. */
export const organizationSettingsChange = z.strictObject(
  shaped((schema) => schema.optional()) as unknown as Optional, // As above.
);

export type OrganizationSettingsChange = z.infer<typeof organizationSettingsChange>;

/** One count of storage and licences. */
export const poolView = z.object({
  kind: z.enum(["all", "desktop", "server"]),
  mode: z.enum(["shared", "limited", "assigned", "none"]),
  limitBytes: sizeBytes.nullable(),
  overageBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  /** What may still be stored here; null: no limit. */
  availableBytes: sizeBytes.nullable(),
  devices: count.nullable(),
  /** Licences that no user (of an organization: no user and no group) has; null: as many as anybody wants. */
  devicesFree: count.nullable(),
});
export type PoolView = z.infer<typeof poolView>;

export const organizationView = z.object({
  id: rowId,
  name: z.string(),
  edition,
  subdomain: z.string().nullable(),
  /** Where its users log in; null: they can't. */
  logInUrl: z.string().nullable(),
  state: z.enum(["active", "suspended"]),
  settings: organizationSettings,
  limitBytes: sizeBytes.nullable(),
  usedBytes: sizeBytes,
  pools: z.array(poolView),
  version: z.int(),
  createdAt: instant,
});
export type OrganizationView = z.infer<typeof organizationView>;

/** One organization: also what its limits may be. */
export const organizationDetails = organizationView.extend({
  allowed: z.object({
    pools: z.array(
      z.object({
        kind: z.enum(["all", "desktop", "server"]),
        limitBytes: range,
        /** Null: storage of all kinds has no licences. */
        devices: range.nullable(),
      }),
    ),
  }),
});
export type OrganizationDetails = z.infer<typeof organizationDetails>;

/** Room and licences of an organization: only the counts that are named change. */
export const organizationPool = z.strictObject({
  kind: z.enum(["all", "desktop", "server"]),
  limitBytes: sizeBytes.nullable().optional(),
  /** null: the limit is soft and only told. */
  overageBytes: sizeBytes.nullable().optional(),
  devices: count.max(1_000_000_000).nullable().optional(),
});
export type OrganizationPool = z.infer<typeof organizationPool>;

export const organizationCreate = z.strictObject({
  name,
  edition: edition.default("pro"),
  subdomain: subdomain.nullable().default(null),
  limitBytes: sizeBytes.nullable().default(null),
  overageBytes: sizeBytes.nullable().default(0),
  settings: organizationSettingsChange.default({}),
  admin: z.strictObject({ email, name, password }),
});

/** By a top-level admin. */
export const organizationChange = z.strictObject({
  name: name.optional(),
  edition: edition.optional(),
  subdomain: subdomain.nullable().optional(),
  state: z.enum(["active", "suspended"]).optional(),
  settings: organizationSettingsChange.optional(),
  pools: z.array(organizationPool).max(3).optional(),
});
export type OrganizationChange = z.infer<typeof organizationChange>;

/** By an admin of the organization itself: what it was given is not its to change. */
export const ownOrganizationChange = organizationChange.pick({ name: true, subdomain: true, settings: true });
