/** The first page: how everything is, what needs somebody, what is new today; and how it was on the days before. */
import { z } from "zod";
import { MACHINE_STATUSES, OVERDUE_CAUSES } from "./alerts.ts";
import { eventView } from "./events.ts";
import { count, id16, instant, quotaColour, rowId, sizeBytes } from "./fields.ts";

/** Of a top-level admin: one organization; without it all of them. */
export const overviewQuery = z.strictObject({ organization: rowId.optional() });
export type OverviewQuery = z.output<typeof overviewQuery>;

export const DAYS_MAX = 400;
const days = z.coerce.number().int().min(1).max(DAYS_MAX).default(90);
export const daysQuery = z.strictObject({ days });
export const storageQuery = overviewQuery.extend({ days });
export type StorageQuery = z.output<typeof storageQuery>;

/** The query of `GET /v1/machines`, or of the route that is named, that lists exactly these. */
const filter = z.record(z.string(), z.string());

export const overview = z.object({
  machines: z.object({
    total: count,
    byStatus: z.array(z.object({ status: z.enum(MACHINE_STATUSES), count, filter })),
  }),
  storage: z.object({ usedBytes: sizeBytes, limitBytes: sizeBytes.nullable(), state: quotaColour }),
  runningBackups: count,
  alerts: z.object({ open: count, unacknowledged: count }),
  mail: z.object({ isConfigured: z.boolean(), waiting: count, failed: count, hint: z.string().nullable() }),
  /** Counted at most this long ago. */
  countedAt: instant,
});
export type Overview = z.infer<typeof overview>;

/** Statuses that need somebody, the most urgent first. */
export const ATTENTION_STATUSES = ["failing", "late", "never", "offline"] as const;

export const attentionQuery = overviewQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(20) });
export type AttentionQuery = z.output<typeof attentionQuery>;

export const attention = z.object({
  /** By status, within one the longest without a backup first. No status takes the places of all others. */
  items: z.array(
    z.object({
      machine: z.object({ id: id16, name: z.string() }),
      user: z.object({ id: rowId, email: z.string(), name: z.string() }),
      group: z.object({ id: rowId, name: z.string(), isDefault: z.boolean() }),
      organization: z.object({ id: rowId, name: z.string() }),
      status: z.enum(ATTENTION_STATUSES),
      cause: z.enum(OVERDUE_CAUSES),
      /** Of the last run, when that is the cause: a code of the error table. */
      code: z.string().nullable(),
      /** One sentence: what is wrong, and what to do about it. */
      message: z.string(),
      /** Since when it is so. */
      since: instant,
      lastUpdateAt: instant.nullable(),
      lastSeenAt: instant.nullable(),
    }),
  ),
  /** All of them: the query of `GET /v1/machines` in the same order. */
  lists: z.array(z.object({ status: z.enum(ATTENTION_STATUSES), filter })),
});
export type Attention = z.infer<typeof attention>;
export type AttentionItem = Attention["items"][number];

export const TODAY_COUNTS = [
  "machines-added",
  "machines-deleted",
  "users-added",
  "users-deleted",
  "backups-failed",
  "backups-incomplete",
  "restores",
  "policies-changed",
  "quotas-reached",
  "quotas-exceeded",
] as const;

export const overviewToday = z.object({
  /** When the day began in `timeZone`: the organization's; UTC for all of them. */
  since: instant,
  timeZone: z.string(),
  /** What the caller may see; `filter` is the query of `GET /v1/events` that lists exactly these. */
  changes: z.array(z.object({ what: z.enum(TODAY_COUNTS), count, filter })),
  /** Of those counts, newest first, at most ten. */
  newest: z.array(eventView),
});
export type OverviewToday = z.infer<typeof overviewToday>;

/** Days are UTC's. */
export const storageHistory = z.object({
  /** Every day from the first that is known, or that was asked for, until today, which is as it is now. */
  days: z.array(z.object({ day: z.iso.date(), usedBytes: sizeBytes, limitBytes: sizeBytes.nullable() })),
});
export type StorageHistory = z.infer<typeof storageHistory>;

export const runDays = z.object({
  /** The organization's: what a day is. */
  timeZone: z.string(),
  from: z.iso.date(),
  /** Today. */
  until: z.iso.date(),
  /** Those with runs that were begun then, oldest first. */
  days: z.array(
    z.object({
      day: z.iso.date(),
      succeeded: count,
      /** Finished, but not everything could be read or stored: succeeded with warnings. */
      incomplete: count,
      failed: count,
      cancelled: count,
      running: count,
      bytesTransferred: sizeBytes,
    }),
  ),
});
export type RunDays = z.infer<typeof runDays>;
