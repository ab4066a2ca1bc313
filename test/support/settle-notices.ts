/** Runs what the service does unasked about events, mails and webhooks, as often as it takes until nothing is left to do now. */
import type { Domain } from "../../server-mock/domain/domain.ts";
import { handleEvents } from "../../server-mock/domain/events/handle-events.ts";
import { sendMails } from "../../server-mock/domain/mail/send-mails.ts";
import { openReportAttachment } from "../../server-mock/domain/reports/run-report.ts";
import { deliverWebhooks } from "../../server-mock/domain/webhooks/deliver.ts";

export async function settleNotices(domain: Domain): Promise<void> {
  await handleEvents(domain);
  await handleEvents(domain); // What handling an event has emitted.
  await sendMails(domain, openReportAttachment);
  await deliverWebhooks(domain);
}
