import { z } from "zod";
import { count, id16, id32, instant, rowId, sizeBytes } from "./fields.ts";
import { backupType, problem } from "./sessions.ts";

export const snapshotView = z.object({
  sequence: z.int(),
  record: id32,
  /** By the service's clock: what dates mean. */
  receivedAt: instant,
  claimedAt: instant,
  incomplete: z.boolean(),
  files: count,
  bytes: sizeBytes,
});
export type SnapshotView = z.infer<typeof snapshotView>;

/** One row of Backups. */
export const backupView = z.object({
  id: rowId,
  machine: id16,
  type: backupType,
  startedAt: instant,
  /** null while it runs. */
  endedAt: instant.nullable(),
  state: z.enum(["running", "success", "incomplete", "failed", "cancelled"]),
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
});
export type BackupView = z.infer<typeof backupView>;

export const restoreStatus = z.enum(["running", "completed", "incomplete", "failed", "cancelled"]);

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
});
export type RestoreView = z.infer<typeof restoreView>;

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
