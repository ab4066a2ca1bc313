/** What the service tells people and programs, unasked. */
import { watchSilence } from "../domain/alerts/silence.ts";
import type { Domain } from "../domain/domain.ts";
import { handleEvents } from "../domain/events/handle-events.ts";
import { sendMails } from "../domain/mail/send-mails.ts";
import { openReportAttachment } from "../domain/reports/run-report.ts";
import { sendDueSchedules } from "../domain/schedules/send-schedules.ts";
import { tidyNotices } from "../domain/tidy-notices.ts";
import { deliverWebhooks } from "../domain/webhooks/deliver.ts";
import type { Job } from "./every.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

export const noticeJobs = (domain: Domain): readonly Job[] => [
  { name: "handle-events", everyMs: 5 * SECOND_MS, run: (signal) => handleEvents(domain, signal) },
  { name: "send-mails", everyMs: 10 * SECOND_MS, run: (signal) => sendMails(domain, openReportAttachment, signal) },
  { name: "deliver-webhooks", everyMs: 5 * SECOND_MS, run: (signal) => deliverWebhooks(domain, signal) },
  { name: "watch-silence", everyMs: 10 * MINUTE_MS, run: (signal) => watchSilence(domain, signal) },
  { name: "send-schedules", everyMs: MINUTE_MS, run: (signal) => sendDueSchedules(domain, signal) },
  { name: "tidy-notices", everyMs: 6 * 60 * MINUTE_MS, run: () => tidyNotices(domain) },
];
