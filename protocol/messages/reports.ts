import { z } from "zod";
import { rowId } from "./fields.ts";

/** Scheduled or at once; what each has in it is `server-mock/domain/reports/reports.ts`. */
export const REPORT_NAMES = [
  "users",
  "machines",
  "user-groups",
  "keys",
  "machine-details",
  "machine-status",
  "machine-watchlist",
  "machine-over-quota",
  "resources-added",
] as const;
export const reportName = z.enum(REPORT_NAMES);
export type ReportName = z.infer<typeof reportName>;

const parameters = {
  /** machine-watchlist: overdue after so many days. */
  days: z.int().min(1).max(3650),
  /** machine-over-quota: from this share on. */
  percent: z.int().min(1).max(1000),
  /** resources-added: in the last so many days. */
  sinceDays: z.int().min(1).max(3650),
};

export const reportParameters = z.strictObject({
  days: parameters.days.default(3),
  percent: parameters.percent.default(80),
  sinceDays: parameters.sinceDays.default(31),
});
export type ReportParameters = z.output<typeof reportParameters>;

/** The same in a query, where all is text. */
export const reportQuery = z.strictObject({
  days: z.coerce.number().pipe(parameters.days).default(3),
  percent: z.coerce.number().pipe(parameters.percent).default(80),
  sinceDays: z.coerce.number().pipe(parameters.sinceDays).default(31),
  /** Only this user group. */
  group: z.string().max(64).optional(),
});

export const REPORT_PREVIEW_ROWS_MAX = 100;

export const reportPreviewQuery = reportQuery.extend({
  rows: z.coerce.number().pipe(z.int().min(1).max(REPORT_PREVIEW_ROWS_MAX)).default(20),
});

/** The report's first lines; only its CSV marks what spreadsheets would calculate. */
export const reportPreview = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  /** False: the report goes on. */
  isWhole: z.boolean(),
});
export type ReportPreview = z.infer<typeof reportPreview>;

export const reportView = z.object({
  name: reportName,
  title: z.string(),
  columns: z.array(z.string()),
  /** Which of the parameters it looks at. */
  parameters: z.array(z.string()),
});
export type ReportView = z.infer<typeof reportView>;
export const reportList = z.object({ items: z.array(reportView) });

export const reportParams = z.strictObject({ report: reportName });
export const scheduleParams = z.strictObject({ schedule: rowId });
