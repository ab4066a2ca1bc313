import { z } from "zod";
import { count, id16, instant, listQuery, rowId } from "./fields.ts";

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
export const OVERDUE_CAUSES = [
  "never",
  "offline",
  "failing",
  "suspended",
  "quota-full",
  "stuck",
  "paused",
  "waiting",
  "late",
] as const;
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
  /** Of a top-level admin: only this organization's. */
  organization: rowId.optional(),
});
export type AlertQuery = z.output<typeof alertQuery>;

/** On time, late, failing, never, offline, suspended: every machine is exactly one of them. */
export const MACHINE_STATUSES = ["on-time", "late", "failing", "never", "offline", "suspended"] as const;
export type MachineStatus = (typeof MACHINE_STATUSES)[number];
