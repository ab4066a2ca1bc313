/** States of a row in Restores, and what people read. Of an archive: In Progress → Ready for Download → Completed. */

export const RESTORE_STATUS_TEXTS = {
  /** Ordered on a machine where nobody has begun it. */
  ordered: "Waiting for the machine",
  running: "In Progress",
  ready: "Ready for Download",
  completed: "Completed",
  /** Ended, but some files could not be had. */
  incomplete: "Completed, some files missing",
  failed: "Failed",
  cancelled: "Cancelled",
  expired: "Expired",
} as const satisfies Record<string, string>;

export type RestoreStatus = keyof typeof RESTORE_STATUS_TEXTS;

export const RESTORE_STATUSES = Object.keys(RESTORE_STATUS_TEXTS) as [RestoreStatus, ...RestoreStatus[]]; // Of the table above.
