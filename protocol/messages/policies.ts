/**
 * Client configuration (policy): what agents are told to do. Said by organization, group and machine for each licence kind; the nearest level that
 * says a setting has it. A locked setting can't be changed at the machine.
 */
import { z } from "zod";
import { deviceKind, id16, instant, listQuery, rowId, sizeBytes } from "./fields.ts";

const text = z.string().trim().min(1).max(1000);
/** Of the machine's own time. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time like 21:30");
export const weekdays = z
  .array(z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]))
  .max(7)
  .refine((days) => new Set(days).size === days.length, "each day once");
const days = z.int().min(0).max(36_500).nullable().default(null);
const bytesPerSecond = z.int().min(1024).nullable();
/** As in the settings of organizations. */
const agentVersion = z.string().trim().max(50);

/** Any that fits is enough. */
const fileRules = z.strictObject({
  /** Absolute; everything below goes with it. */
  paths: z.array(text).max(200).default([]),
  /** Of files and folders, with `*` and `?`. */
  names: z.array(text).max(200).default([]),
  /** Endings without the dot: `tmp`. */
  types: z.array(z.string().trim().min(1).max(30)).max(200).default([]),
  largerThanBytes: sizeBytes.nullable().default(null),
  smallerThanBytes: sizeBytes.nullable().default(null),
  /** Of the last change of a file's content. */
  olderThanDays: days,
  newerThanDays: days,
});
export type FileRules = z.output<typeof fileRules>;
export const NO_FILE_RULES: FileRules = {
  paths: [],
  names: [],
  types: [],
  largerThanBytes: null,
  smallerThanBytes: null,
  olderThanDays: null,
  newerThanDays: null,
};

export const backupSet = z.strictObject({
  name: z.string().trim().min(1).max(200),
  /** What it would take is left out of all other sets. */
  exclusionary: z.boolean().default(false),
  roots: z.array(text).min(1).max(200),
  /** None: everything below the roots. */
  include: fileRules.default(NO_FILE_RULES),
  /** Wins over what is included. */
  exclude: fileRules.default(NO_FILE_RULES),
});
export type BackupSet = z.output<typeof backupSet>;

const when = {
  frequency: z.enum(["daily", "weekly"]).default("daily"),
  /** Of a weekly one at least one; of a daily one none: every day. */
  weekdays: weekdays.default([]),
  at: timeOfDay,
  /** The start is spread over so many minutes before and after. */
  spreadMinutes: z.int().min(0).max(120).default(15),
  catchUp: z.boolean().default(true),
};
const schedule = z
  .discriminatedUnion("type", [
    /** All must hold. */
    z.strictObject({
      type: z.literal("Automatic"),
      cpuBelowPercent: z.int().min(1).max(100).default(20),
      idleMinutes: z.int().min(0).max(1440).default(10),
      hoursSinceLast: z.int().min(1).max(720).default(4),
    }),
    z.strictObject({ type: z.literal("Scheduled"), ...when }),
    z.strictObject({ type: z.literal("Continuous"), quietSeconds: z.int().min(1).max(86_400).default(60) }),
    z.strictObject({ type: z.literal("Manual") }),
    z.strictObject({ type: z.literal("Local"), folder: text, ...when }),
  ])
  .refine((one) => !("frequency" in one) || one.frequency === "daily" || one.weekdays.length > 0, {
    message: "a weekly schedule names its days",
    path: ["weekdays"],
  });
export type Schedule = z.output<typeof schedule>;

const bandwidth = z.strictObject({
  /** The first that fits counts; from later than to: over midnight. */
  hours: z
    .array(
      z.strictObject({
        weekdays: weekdays.min(1),
        from: timeOfDay,
        to: timeOfDay,
        uploadBytesPerSecond: bytesPerSecond,
        downloadBytesPerSecond: bytesPerSecond.default(null),
      }),
    )
    .max(50)
    .default([]),
  /** At all other times; null: as fast as it goes. */
  uploadBytesPerSecond: bytesPerSecond.default(null),
  downloadBytesPerSecond: bytesPerSecond.default(null),
});
export type Bandwidth = z.output<typeof bandwidth>;

export const keyKind = z.enum(["default", "custom", "corporate"]);

/** Setting → what it may be. The order is that of pages. */
export const POLICY_SETTINGS = {
  backupSets: z.array(backupSet).max(50),
  schedules: z.array(schedule).max(20),
  bandwidth,
  keyKinds: z
    .array(keyKind)
    .min(1)
    .max(3)
    .refine((kinds) => new Set(kinds).size === kinds.length, "each kind once"),
  /** The agent warns when the last backup is older. */
  warningDays: z.int().min(1).max(365),
  locations: z.enum(["local-and-cloud", "cloud-only"]),
  webRestore: z.boolean(),
  agentVersion: z.strictObject({
    autoUpdate: z.boolean().default(true),
    /** Older ones are updated or told to be. */
    minimum: agentVersion.nullable().default(null),
    /** Exactly this one. */
    pinned: agentVersion.nullable().default(null),
  }),
} as const;

/** What holds where no level says anything. */
export const POLICY_DEFAULTS = {
  backupSets: [],
  // Nobody said anything: a machine that has an agent is backed up.
  schedules: [{ type: "Continuous", quietSeconds: 300 }],
  bandwidth: { hours: [], uploadBytesPerSecond: null, downloadBytesPerSecond: null },
  keyKinds: ["default", "custom", "corporate"],
  warningDays: 3,
  locations: "local-and-cloud",
  webRestore: true,
  agentVersion: { autoUpdate: true, minimum: null, pinned: null },
} as const;

const said = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ value, locked: z.boolean().default(false) }).optional();

/** What one level says; kept as JSON. */
export const policySettings = z.strictObject({
  backupSets: said(POLICY_SETTINGS.backupSets),
  schedules: said(POLICY_SETTINGS.schedules),
  bandwidth: said(POLICY_SETTINGS.bandwidth),
  keyKinds: said(POLICY_SETTINGS.keyKinds),
  warningDays: said(POLICY_SETTINGS.warningDays),
  locations: said(POLICY_SETTINGS.locations),
  webRestore: said(POLICY_SETTINGS.webRestore),
  agentVersion: said(POLICY_SETTINGS.agentVersion),
});
export type PolicySettings = z.output<typeof policySettings>;

export const policyPut = z.strictObject({ settings: policySettings });

/** Of locations and updates the account form says something, too. */
export const policyLevel = z.enum(["default", "organization", "group", "user", "machine"]);
export type PolicyLevel = z.infer<typeof policyLevel>;

const holds = <Value extends z.ZodType>(value: Value) => z.object({ value, locked: z.boolean(), level: policyLevel });

/** What holds for a machine, and who says so. */
export const effectiveSettings = z.object({
  backupSets: holds(POLICY_SETTINGS.backupSets),
  schedules: holds(POLICY_SETTINGS.schedules),
  bandwidth: holds(POLICY_SETTINGS.bandwidth),
  keyKinds: holds(POLICY_SETTINGS.keyKinds),
  warningDays: holds(POLICY_SETTINGS.warningDays),
  locations: holds(POLICY_SETTINGS.locations),
  webRestore: holds(POLICY_SETTINGS.webRestore),
  agentVersion: holds(POLICY_SETTINGS.agentVersion),
});
export type EffectiveSettings = z.output<typeof effectiveSettings>;

export const policyView = z.object({
  level: z.enum(["organization", "group", "machine"]),
  holder: z.string(),
  /** What people call it. */
  name: z.string(),
  kind: deviceKind,
  settings: policySettings,
  /** What would hold here if this level said nothing. */
  inherited: effectiveSettings,
  /** 0: it says nothing yet. */
  version: z.int(),
  changedAt: instant.nullable(),
  changedBy: z.string().nullable(),
});
export type PolicyView = z.infer<typeof policyView>;

const tag = z.string().regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits");

export const effectivePolicy = z.object({
  machine: id16,
  /** Changes with what holds. */
  tag,
  settings: effectiveSettings,
  /** What its agent has taken over. */
  takenTag: z.string().nullable(),
  takenAt: instant.nullable(),
});
export type EffectivePolicy = z.infer<typeof effectivePolicy>;

/** Who a level is for this machine, so that people can be told who locked a setting. */
export const policyHolders = z.object({
  organization: z.string(),
  group: z.string(),
  user: z.string(),
  machine: z.string(),
});

/** `known`: what the agent has; then `settings` and `holders` are null when nothing changed. */
export const ownPolicyQuery = z.strictObject({ known: tag.optional() });
export const ownPolicy = z.object({
  tag,
  settings: effectiveSettings.nullable(),
  holders: policyHolders.nullable(),
});
export type OwnPolicy = z.infer<typeof ownPolicy>;
export const policyTaken = z.strictObject({ tag });

export const policyReceiptsQuery = listQuery.extend({ group: rowId.optional(), kind: deviceKind.optional() });
export const policyReceipt = z.object({
  machine: id16,
  name: z.string(),
  user: z.string(),
  group: rowId,
  kind: deviceKind,
  tag,
  takenTag: z.string().nullable(),
  takenAt: instant.nullable(),
  isCurrent: z.boolean(),
});
export type PolicyReceipt = z.infer<typeof policyReceipt>;
