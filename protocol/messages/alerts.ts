import { z } from "zod";
import { count, id16, instant, listQuery, rowId, sizeBytes } from "./fields.ts";

/** Something is not as it should be, until it is again. */
export const ALERT_KINDS = [
  "machine.overdue",
  "quota.reached",
  "quota.exceeded",
  "webhook.disabled",
  "mail.failed",
  "storage.damaged",
  "collection.held",
  "expiry.frozen",
  "machine.cloned",
] as const;
export const alertKind = z.enum(ALERT_KINDS);
export type AlertKind = z.infer<typeof alertKind>;

/** Why a machine is overdue, from its last contact. */
export const OVERDUE_CAUSES = ["never", "offline", "failing", "suspended", "quota-full", "stuck", "late"] as const;
export type OverdueCause = (typeof OVERDUE_CAUSES)[number];

export const alertView = z.object({
  id: rowId,
  kind: alertKind,
  organization: rowId.nullable(),
  machine: id16.nullable(),
  user: rowId.nullable(),
  /** Name of what it is about. */
  subject: z.string(),
  cause: z.string(),
  message: z.string(),
  state: z.enum(["open", "acknowledged", "closed"]),
  openedAt: instant,
  /** When it was last found again, and how often. */
  repeatedAt: instant,
  repeats: count,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  closedAt: instant.nullable(),
});
export type AlertView = z.infer<typeof alertView>;

export const alertQuery = listQuery.extend({
  /** `open`: those that nobody has acknowledged too. */
  state: z.enum(["open", "acknowledged", "closed"]).optional(),
  kind: alertKind.optional(),
  cause: z.string().max(60).optional(),
  machine: id16.optional(),
});
export type AlertQuery = z.output<typeof alertQuery>;

/** On time, late, failing, never, offline, suspended: every machine is exactly one of them. */
export const MACHINE_STATUSES = ["on-time", "late", "failing", "never", "offline", "suspended"] as const;
export type MachineStatus = (typeof MACHINE_STATUSES)[number];

export const overview = z.object({
  machines: z.object({
    total: count,
    /** `filter` is the query of `GET /v1/machines` that lists exactly these. */
    byStatus: z.array(z.object({ status: z.enum(MACHINE_STATUSES), count, filter: z.record(z.string(), z.string()) })),
  }),
  storage: z.object({ usedBytes: sizeBytes, limitBytes: sizeBytes.nullable() }),
  runningBackups: count,
  alerts: z.object({ open: count, unacknowledged: count }),
  mail: z.object({ isConfigured: z.boolean(), waiting: count, failed: count, hint: z.string().nullable() }),
  /** Counted at most this long ago. */
  countedAt: instant,
});
export type Overview = z.infer<typeof overview>;
