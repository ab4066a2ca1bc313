/** How long snapshots are kept, and who may say that nothing goes. */
import { z } from "zod";
import { count, id16, id32, instant, listQuery, rowId, sizeBytes } from "./fields.ts";

const keep = z.int().min(0).max(100_000).default(0);

/** How many: the newest, and the newest of so many hours, days, weeks, months, quarters, years that have any. */
export const retentionNumbers = z.strictObject({
  last: keep,
  hourly: keep,
  daily: keep,
  weekly: keep,
  monthly: keep,
  quarterly: keep,
  yearly: keep,
});
export type RetentionNumbers = z.infer<typeof retentionNumbers>;

export const policyName = z.enum([
  "7-days",
  "14-days",
  "1-month",
  "2-months",
  "3-months",
  "6-months",
  "1-year",
  "2-years",
  "3-years",
  "4-years",
  "5-years",
  "6-years",
  "7-years",
]);
export type PolicyName = z.infer<typeof policyName>;

/** Of an organization, a group or a machine; null: as the level above says. */
export const retentionRule = z.strictObject({
  policy: z.union([policyName, retentionNumbers]).nullable().default(null),
  /** All snapshots of the newest so many days are kept, so that a file deleted meanwhile is still there. */
  graceDays: z.int().min(0).max(3650).nullable().default(null),
});
export type RetentionRule = z.infer<typeof retentionRule>;

const level = z.enum(["machine", "group", "organization", "default"]);

const holding = z.object({
  policy: z.union([policyName, retentionNumbers]),
  numbers: retentionNumbers,
  policyFrom: level,
  graceDays: count,
  graceFrom: level,
  timeZone: z.string(),
});

export const retentionView = z.object({
  /** What this level says itself. */
  own: retentionRule,
  /** What holds, and who says so. */
  effective: holding,
  /** What would hold if this level said nothing. */
  inherited: holding,
  /** Of a machine: legal hold or a freeze; nothing expires. */
  isHeld: z.boolean(),
});
export type RetentionView = z.infer<typeof retentionView>;

export const keptReason = z.enum([
  "newest",
  "pinned",
  "held",
  "grace",
  "last",
  "hourly",
  "daily",
  "weekly",
  "monthly",
  "quarterly",
  "yearly",
]);
export type KeptReason = z.infer<typeof keptReason>;

/** `level`: whose rule it would be; what others say stays as it is. */
export const retentionPreviewOrder = retentionRule.extend({
  level: z.enum(["machine", "group", "organization"]).default("machine"),
});

export const retentionPreview = z.object({
  kept: count,
  dropped: count,
  /** Of the dropped ones those that the rule of today keeps. */
  lost: count,
  /** Newest first, at most 1,000. */
  snapshots: z.array(
    z.object({
      sequence: z.int(),
      receivedAt: instant,
      incomplete: z.boolean(),
      /** None: it would be dropped. */
      reasons: z.array(keptReason),
      /** Dropped, and kept today. */
      isLost: z.boolean(),
    }),
  ),
});
export type RetentionPreview = z.infer<typeof retentionPreview>;

export const because = z.strictObject({ reason: z.string().trim().min(1).max(500) });

export const pinView = z.object({ sequence: z.int(), reason: z.string(), madeBy: z.string(), madeAt: instant });

/** `machine`: those that reach it, by itself, its user or its organization. */
export const holdsQuery = listQuery.extend({ machine: id16.optional() });

export const holdView = z.object({
  id: rowId,
  level: z.enum(["organization", "user", "machine"]),
  holder: z.string(),
  /** What people call it: an organization's or machine's name, a user's e-mail address. */
  name: z.string(),
  reason: z.string(),
  madeBy: z.string(),
  madeAt: instant,
});
export type HoldView = z.infer<typeof holdView>;
/** Exactly one; none: the whole organization. */
export const holdCreate = z.strictObject({
  organization: rowId.optional(),
  user: rowId.optional(),
  machine: id16.optional(),
  reason: z.string().trim().min(1).max(500),
});

/** A snapshot as an admin sees it: also what was pruned, and why the others stay. */
export const adminSnapshotView = z.object({
  sequence: z.int(),
  record: id32,
  receivedAt: instant,
  incomplete: z.boolean(),
  files: count,
  bytes: sizeBytes,
  state: z.enum(["kept", "pruned", "gone"]),
  /** Until when a pruned one can be brought back. */
  restorableUntil: instant.nullable(),
  pin: z.string().nullable(),
});
export type AdminSnapshotView = z.infer<typeof adminSnapshotView>;
