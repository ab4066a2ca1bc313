/** How the agent works on this machine, apart from what the service's policy may say, too: what only this machine can know. */
import { z } from "zod";
import { sizeBytes } from "../../protocol/messages/fields.ts";
import { timeOfDay, weekdays } from "../../protocol/messages/policies.ts";
import { policyName, retentionNumbers } from "../../protocol/messages/retention.ts";

const path = z.string().min(1).max(4096);
const words = z.string().min(1).max(1000);

/** When a backup that nobody asked for may run; a running one yields, and goes on when it may. Absent: it may always. */
export const conditions = z.strictObject({
  /** Of a computer that has one. */
  onBattery: z.enum(["run", "wait"]).default("run"),
  /** And a battery has at least so much. */
  batteryPercentMin: z.int().min(0).max(100).default(0),
  metered: z.enum(["run", "wait"]).default("run"),
  /** Names of networks (SSID, or of the connection); none: any. */
  networksOnly: z.array(words).max(50).default([]),
  networksNever: z.array(words).max(50).default([]),
  /** Of all processors together, apart from the backup's own share. */
  loadBelowPercent: z.int().min(1).max(100).nullable().default(null),
  /** None: at all times. From later than to: over midnight. Of the machine's own time. */
  windows: z
    .array(z.strictObject({ weekdays: weekdays.min(1), from: timeOfDay, to: timeOfDay }))
    .max(50)
    .default([]),
});
export type Conditions = z.infer<typeof conditions>;

const hook = z.strictObject({
  /** Program and arguments; no shell reads them. */
  command: z.array(words).min(1).max(100),
  timeLimitSeconds: z.int().min(1).max(86_400).default(600),
  /** Of one before the backup: `stop` makes no backup. The record says so either way. */
  onFailure: z.enum(["stop", "go-on"]).default("stop"),
});
export type Hook = z.infer<typeof hook>;

/** Before and after each run, in this order; those after it also when it failed. */
export const hooks = z.strictObject({
  before: z.array(hook).max(20).default([]),
  after: z.array(hook).max(20).default([]),
});
export type Hooks = z.infer<typeof hooks>;

/** A pack and a catalog have room in it. */
const LOCAL_CAP_BYTES_MIN = 32 * 1024 * 1024;

/** The local copy: a folder on another disk, with a history of its own in the same format. */
export const localCopy = z.strictObject({
  folder: path,
  /** It grows no larger: the oldest snapshots go first, but never the newest. */
  capBytes: sizeBytes
    .refine((bytes) => bytes >= LOCAL_CAP_BYTES_MIN, "at least 32 MiB")
    .nullable()
    .default(null),
  keep: z.union([policyName, retentionNumbers]).default("3-months"),
});
export type LocalCopy = z.infer<typeof localCopy>;

/** Absolute. */
export const restoreRoots = z.array(path).max(100);
