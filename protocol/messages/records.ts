import { z } from "zod";
import { RESTORE_STATUSES } from "../restore-status.ts";
import { count, id16, id32, instant, listQuery, rowId, sizeBytes } from "./fields.ts";
import { backupType, problem, runFlag } from "./sessions.ts";

export const snapshotView = z.object({
  sequence: z.int(),
  record: id32,
  /** By the service's clock: what dates mean. */
  receivedAt: instant,
  claimedAt: instant,
  incomplete: z.boolean(),
  files: count,
  bytes: sizeBytes,
  /** Dropped by retention: it can't be restored, but its record is still there for the chain. */
  pruned: z.boolean().optional(),
});
export type SnapshotView = z.infer<typeof snapshotView>;

/** `all`: also those that were pruned. */
export const snapshotsQuery = listQuery.extend({ state: z.enum(["kept", "all"]).default("kept") });

const order = z.enum(["asc", "desc"]);

/** Filters of record lists; all that are given must hold. */
const recordQuery = listQuery.extend({
  machine: id16.optional(),
  user: rowId.optional(),
  group: rowId.optional(),
  /** Of a top-level admin: only this organization's. */
  organization: rowId.optional(),
  /** Started from here on. */
  since: instant.optional(),
  /** Started before. */
  until: instant.optional(),
  order: order.default("desc"),
});

const backupState = z.enum(["running", "success", "incomplete", "failed", "cancelled"]);

/** One row of Backups. */
export const backupView = z.object({
  id: rowId,
  machine: id16,
  type: backupType,
  startedAt: instant,
  /** null while it runs. */
  endedAt: instant.nullable(),
  state: backupState,
  /** `Success`, or a code of the error table; null while it runs. */
  result: z.string().nullable(),
  message: z.string().nullable(),
  files: count,
  bytes: sizeBytes,
  filesEncoded: count,
  bytesEncoded: sizeBytes,
  filesTransferred: count,
  bytesTransferred: sizeBytes,
  problemCount: count,
  problems: z.array(problem),
  snapshot: z.int().nullable(),
  /** What looked like damage, with its sentence. */
  flags: z.array(z.object({ flag: runFlag, says: z.string() })).default([]),
  /** What is to be read: `Manual Backup`; `Success`, `In Progress`, or the code with its sentence. */
  shown: z.object({ type: z.string(), result: z.string() }),
});
export type BackupView = z.infer<typeof backupView>;

export const backupSort = z.enum([
  "startedAt",
  "endedAt",
  "duration",
  "type",
  "result",
  "files",
  "bytes",
  "filesEncoded",
  "bytesEncoded",
  "filesTransferred",
  "bytesTransferred",
  "problemCount",
]);

const backupFilters = {
  state: backupState.optional(),
  type: backupType.optional(),
  /** `Success`, or a code. */
  result: z.string().max(60).optional(),
  /** Other orders than by start need a machine. */
  sort: backupSort.default("startedAt"),
};
export const backupQuery = recordQuery.extend(backupFilters);
export type BackupQuery = z.infer<typeof backupQuery>;

/** A row of Backups among those of other machines; its problems are asked for by themselves. */
export const listedBackup = backupView.omit({ problems: true }).extend({
  machineName: z.string(),
  user: z.string(),
  /** Milliseconds; null while it runs. */
  duration: count.nullable(),
});

/** What people read: protocol/restore-status.ts. */
export const restoreStatus = z.enum(RESTORE_STATUSES);

/** What a restore says of itself; the other states are the service's. */
export const reportedRestoreStatus = restoreStatus.extract([
  "running",
  "completed",
  "incomplete",
  "failed",
  "cancelled",
]);

/** One row of Restores. */
export const restoreView = z.object({
  id: rowId,
  machine: id16,
  source: z.enum(["agent", "cli", "web"]),
  requestedAt: instant,
  finishedAt: instant.nullable(),
  requestedBy: z.string(),
  filesRequested: count.nullable(),
  filesRetrieved: count,
  bytes: sizeBytes,
  status: restoreStatus,
  code: z.string().nullable(),
  /** `restore`, `browse`, `verify`, `recover`; of the web also `archive` and `order`. */
  purpose: z.string().default("restore"),
  /** When its token, or its link, ends. */
  expiresAt: instant.nullable().default(null),
});
export type RestoreView = z.infer<typeof restoreView>;

export const restoreSort = z.enum(["requestedAt", "finishedAt", "filesRetrieved", "bytes", "status", "source"]);

export const restoreQuery = recordQuery.extend({
  status: restoreStatus.optional(),
  source: z.enum(["agent", "cli", "web"]).optional(),
  purpose: z.enum(["restore", "browse", "verify", "recover", "archive", "order"]).optional(),
  sort: restoreSort.default("requestedAt"),
});
export type RestoreQuery = z.infer<typeof restoreQuery>;

export const listedRestore = restoreView.extend({ machineName: z.string(), user: z.string() });

export const auditQuery = listQuery.extend({
  actor: z.string().max(254).optional(),
  /** An action, or its area: `users` finds `users/create`. */
  action: z.string().max(100).optional(),
  /** The account that it concerns. */
  user: rowId.optional(),
  /** Of a top-level admin: only this organization's. */
  organization: rowId.optional(),
  since: instant.optional(),
  until: instant.optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditView = z.object({
  id: z.int(),
  at: instant,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.string(),
  address: z.string().nullable(),
});
export type AuditView = z.infer<typeof auditView>;
