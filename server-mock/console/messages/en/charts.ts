/** Statuses, charts, and what they say to whoever can't see them. */
import { many } from "./many.ts";

export const charts = {
  status: {
    "on-time": "On time",
    late: "Late",
    failing: "Failing",
    never: "Never backed up",
    offline: "Offline",
    suspended: "Suspended",
  },
  showTable: "Show as table",
  showChart: "Show as chart",
  day: "Day",
  used: "Used",
  limit: "Limit",
  noLimit: "No limit",
  usedOf: (used: string, limit: string) => `${used} of ${limit}`,
  /** What a picture shows, in one sentence. */
  storageSummary: (first: string, from: string, last: string, until: string) =>
    `From ${first} on ${from} to ${last} on ${until}.`,
  storageEmpty: "Nothing is known yet",
  storageEmptyHint: "What is stored is noted once a day.",
  calendar: {
    success: "Success",
    warnings: "With warnings",
    failed: "Failed",
    cancelled: "Cancelled",
    running: "In Progress",
    none: "No backup",
    counts: {
      succeeded: (count: number) => `${count} succeeded`,
      incomplete: (count: number) => `${count} with warnings`,
      failed: (count: number) => `${count} failed`,
      cancelled: (count: number) => `${count} cancelled`,
      running: (count: number) => `${count} in progress`,
    },
    nothing: "no backup",
    days: (count: number, what: string) => `${what}: ${many(count, "day", "days")}`,
  },
  treemapOthers: (count: number) => `${many(count, "other", "others")}`,
} as const;
