import { z } from "zod";
import { email, instant, name, rowId } from "./fields.ts";
import { reportName, reportParameters } from "./reports.ts";

/** When something is mailed, by the clock of its time zone. */
export const scheduleTiming = z.strictObject({
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "HH:MM"),
  /** Of a weekly one: 1 is Monday. */
  weekday: z.int().min(1).max(7).default(1),
  /** Of a monthly one; a month without that day has it on its last. */
  monthday: z.int().min(1).max(31).default(1),
  timeZone: z
    .string()
    .max(60)
    .refine((zone) => isTimeZone(zone), "a name like Europe/Berlin")
    .default("UTC"),
});
export type ScheduleTiming = z.output<typeof scheduleTiming>;

export const frequency = z.enum(["daily", "weekly", "monthly"]);
export type Frequency = z.infer<typeof frequency>;

const recipients = z.array(email).min(1).max(50);
/** Groups by id; null: all. */
const groups = z.array(z.string().max(64)).min(1).max(500).nullable().default(null);

const schedule = {
  subject: name,
  frequency,
  timing: scheduleTiming,
  groups,
  recipients,
  isActive: z.boolean().default(true),
};

export const MODULES = [
  "backup-summary",
  "users-without-recent-backups",
  "users-with-outdated-clients",
  "nearing-limit",
  "storage-summary",
] as const;
export const summaryModule = z.enum(MODULES);
export type SummaryModule = z.infer<typeof summaryModule>;

export const summaryContent = z.strictObject({
  modules: z.array(summaryModule).min(1).max(MODULES.length),
  /** users-without-recent-backups: none for so many days. */
  days: z.int().min(1).max(3650).default(3),
  /** nearing-limit: from this share on. */
  percent: z.int().min(1).max(1000).default(80),
});
export type SummaryContent = z.output<typeof summaryContent>;

export const reportContent = z.strictObject({
  report: reportName,
  parameters: reportParameters.default(reportParameters.parse({})),
});

const shown = {
  id: rowId,
  /** Log-in of who made it: what is sent is what this account may see. */
  madeBy: z.string(),
  nextAt: instant.nullable(),
  lastAt: instant.nullable(),
  version: z.int(),
  createdAt: instant,
};

/** E-mail alerts: a summary that is mailed regularly. */
export const emailAlertBody = z.strictObject({ ...schedule, ...summaryContent.shape });
export const emailAlertView = emailAlertBody.extend(shown);
export type EmailAlertView = z.infer<typeof emailAlertView>;

/** A report that is mailed regularly. */
export const reportScheduleBody = z.strictObject({ ...schedule, ...reportContent.shape });
export const reportScheduleView = reportScheduleBody.extend(shown);
export type ReportScheduleView = z.infer<typeof reportScheduleView>;

export const mailPreview = z.object({ subject: z.string(), text: z.string(), html: z.string() });

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
