/** What is mailed regularly, as a form has it and as the API has it. */
import type { Frequency, ScheduleTiming } from "../../../../protocol/messages/schedules.ts";
import { text } from "../../messages/messages.ts";

/** Numbers are texts while they are typed. */
export type ScheduleValues = {
  readonly subject: string;
  readonly frequency: Frequency;
  readonly time: string;
  readonly weekday: string;
  readonly monthday: string;
  readonly timeZone: string;
  readonly scope: "all" | "chosen";
  /** Ids; kept while the scope is `all`, so that a slip of the mouse loses nothing. */
  readonly groups: readonly string[];
  /** One address a line. */
  readonly recipients: string;
  readonly isActive: boolean;
};

/** What both kinds of schedules have, as the API shows it. */
export interface Scheduled {
  readonly subject: string;
  readonly frequency: Frequency;
  readonly timing: ScheduleTiming;
  readonly groups: readonly string[] | null;
  readonly recipients: readonly string[];
  readonly isActive: boolean;
}

export const newSchedule = (subject: string, timeZone: string, recipient: string): ScheduleValues => ({
  subject,
  frequency: "weekly",
  time: "07:00",
  weekday: "1",
  monthday: "1",
  timeZone,
  scope: "all",
  groups: [],
  recipients: recipient,
  isActive: true,
});

export const scheduleValues = ({ timing, groups, recipients, ...shown }: Scheduled): ScheduleValues => ({
  subject: shown.subject,
  frequency: shown.frequency,
  time: timing.time,
  weekday: String(timing.weekday),
  monthday: String(timing.monthday),
  timeZone: timing.timeZone,
  scope: groups === null ? "all" : "chosen",
  groups: groups ?? [],
  recipients: recipients.join("\n"),
  isActive: shown.isActive,
});

export const scheduleBody = (values: ScheduleValues) => ({
  subject: values.subject.trim(),
  frequency: values.frequency,
  timing: {
    time: values.time,
    weekday: Number(values.weekday),
    monthday: Number(values.monthday),
    timeZone: values.timeZone,
  },
  groups: values.scope === "all" ? null : [...values.groups],
  recipients: addressesOf(values.recipients),
  isActive: values.isActive,
});

/** Where the API's names of fields differ from the form's. */
export const SCHEDULE_FIELDS = {
  "timing.time": "time",
  "timing.weekday": "weekday",
  "timing.monthday": "monthday",
  "timing.timeZone": "timeZone",
} as const;

/** Lines, and what stands between commas or semicolons: lists are pasted from anywhere. */
export const addressesOf = (lines: string): string[] =>
  lines
    .split(/[\n,;]/)
    .map((address) => address.trim())
    .filter((address) => address !== "");

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What can be said before anything is sent; the service has the last word. */
export const scheduleChecks = {
  recipients: (lines: string): string | null => {
    const addresses = addressesOf(lines);
    const wrong = addresses.find((address) => !ADDRESS.test(address));
    if (wrong !== undefined) return text.reports.form.recipientWrong(wrong);
    return addresses.length === 0 ? text.reports.form.recipientsNeeded : null;
  },
  groups: (groups: readonly string[], { scope }: { readonly scope: string }): string | null =>
    scope === "chosen" && groups.length === 0 ? text.reports.form.scopeNeeded : null,
};

/** `Weekly, Monday 07:00 (Europe/Berlin)` */
export function shownTiming({ frequency, timing }: Pick<Scheduled, "frequency" | "timing">): string {
  const { time, weekday, monthday, timeZone } = timing;
  const said =
    frequency === "daily"
      ? text.reports.dailyAt(time)
      : frequency === "weekly"
        ? text.reports.weeklyAt(text.reports.weekdays[weekday - 1] ?? "", time)
        : text.reports.monthlyAt(monthday, time);
  return `${said} (${timeZone})`;
}
