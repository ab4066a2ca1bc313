/** What is said over the control socket: a line of JSON each way; the agent may answer a request with many. */
import { z } from "zod";
import { backupType, counters, problem } from "../../protocol/messages/sessions.ts";

const durationMs = z
  .int()
  .min(1)
  .max(366 * 86_400_000);

export const controlRequest = z.discriminatedUnion("op", [
  /** Answers `status`, then `done`, as do all answers that end. */
  z.strictObject({ op: z.literal("status") }),
  /** Answers `status` again and again, whenever something has changed, until whoever asks has gone. */
  z.strictObject({ op: z.literal("watch"), everyMs: z.int().min(200).max(60_000).default(1000) }),
  /** Answers `done` when it has been heard; with `follow` first `progress`, and `done` or `failed` when the backup has ended. */
  z.strictObject({
    op: z.literal("backup"),
    /** To the service, or to the local copy. */
    to: z.enum(["cloud", "local"]).default("cloud"),
    follow: z.boolean().default(false),
    /** Look at everything, not only at what is known to have changed. */
    full: z.boolean().default(false),
  }),
  /** Without a time until `resume`. */
  z.strictObject({ op: z.literal("pause"), forMs: durationMs.optional() }),
  z.strictObject({ op: z.literal("resume") }),
  /** Ends the running backup; what was sent is taken over by the next. */
  z.strictObject({ op: z.literal("cancel") }),
  /** The last lines of the log, and with `follow` those that come. */
  z.strictObject({
    op: z.literal("logs"),
    lines: z.int().min(0).max(10_000).default(50),
    follow: z.boolean().default(false),
  }),
  /** Settings or policy have changed on the disk. */
  z.strictObject({ op: z.literal("reload") }),
]);
export type ControlRequest = z.input<typeof controlRequest>;
export type ParsedRequest = z.output<typeof controlRequest>;

const instant = z.number();

export const runningView = z.object({
  type: backupType,
  to: z.enum(["cloud", "local"]),
  startedAt: instant,
  phase: z.string(),
  files: z.number(),
  bytes: z.number(),
  filesDone: z.number(),
  bytesDone: z.number(),
  bytesSent: z.number(),
  currentPath: z.string().optional(),
  totalFiles: z.number().optional(),
  totalBytes: z.number().optional(),
});
export type RunningView = z.infer<typeof runningView>;

export const RUN_PROBLEMS_MAX = 100;

export const runView = z.object({
  type: backupType,
  to: z.enum(["cloud", "local"]),
  /** Milliseconds since 1970, by this machine's clock, as are all times here. */
  startedAt: instant,
  endedAt: instant,
  result: z.enum(["success", "incomplete", "failed", "cancelled"]),
  code: z.string().optional(),
  message: z.string().optional(),
  /** Of a failure: what fills its sentence. */
  data: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly(), z.null()]))
    .optional(),
  snapshot: z.number().optional(),
  /** Only known changes were looked at. */
  isPartial: z.boolean().optional(),
  /** Why it began, in words. */
  reason: z.string(),
  counters: counters.optional(),
  /** The first of them. */
  problems: z.array(problem).max(RUN_PROBLEMS_MAX).optional(),
  problemCount: z.int().optional(),
});
export type RunView = z.infer<typeof runView>;

/** Something that somebody must see to. */
export const troubleView = z.object({ code: z.string(), message: z.string(), hint: z.string() });
export type TroubleView = z.infer<typeof troubleView>;

export const statusView = z.object({
  version: z.string(),
  pid: z.int(),
  startedAt: instant,
  now: instant,
  state: z.enum(["idle", "backing-up", "paused", "waiting"]),
  /** Of `waiting` and `paused`: for what, in words. */
  because: z.string().optional(),
  pausedUntil: instant.optional(),
  running: runningView.optional(),
  /** The last that ended, and the last that made a whole backup. */
  last: runView.optional(),
  lastUpdateAt: instant.optional(),
  next: z.object({ type: backupType, at: instant, sense: z.enum(["at", "not-before", "at-the-latest"]) }).optional(),
  /** `more`: folders that are not listed here. */
  sets: z.array(
    z.object({
      name: z.string(),
      roots: z.array(z.string()),
      more: z.number().optional(),
      exclusionary: z.boolean().optional(),
    }),
  ),
  watching: z.object({
    isOn: z.boolean(),
    folders: z.number(),
    /** False: some folders can't be watched; they are seen by the daily walk. */
    isComplete: z.boolean(),
    changes: z.number(),
  }),
  service: z.object({
    url: z.string(),
    reachedAt: instant.optional(),
    /** Of the last try, when it failed. */
    unreached: z.string().optional(),
  }),
  quota: z
    .object({
      usedBytes: z.number(),
      limitBytes: z.number().nullable(),
      availableBytes: z.number().nullable(),
      at: instant,
    })
    .optional(),
  local: z
    .object({
      folder: z.string(),
      isPresent: z.boolean(),
      lastUpdateAt: instant.optional(),
      bytes: z.number().optional(),
    })
    .optional(),
  policyTag: z.string().optional(),
  uploadBytesPerSecond: z.number().optional(),
  troubles: z.array(troubleView),
  /** Of the agent's process. */
  rssBytes: z.number(),
  cpuSeconds: z.number(),
});
export type StatusView = z.infer<typeof statusView>;

export const controlAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("status"), status: statusView }),
  z.object({ kind: z.literal("progress"), running: runningView }),
  z.object({ kind: z.literal("log"), line: z.string() }),
  /** The last of an answer. */
  z.object({ kind: z.literal("done"), run: runView.optional(), pausedUntil: instant.optional() }),
  z.object({
    kind: z.literal("failed"),
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string(),
      data: z.record(z.string(), z.any()).optional(),
    }),
  }),
]);
export type ControlAnswer = z.infer<typeof controlAnswer>;

/** Longer lines are refused, both ways. */
export const LINE_BYTES_MAX = 1024 * 1024;
