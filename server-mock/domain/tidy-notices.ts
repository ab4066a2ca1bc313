/** What was told is forgotten after a while. */
import type { Domain } from "./domain.ts";

const DAY_MS = 24 * 3_600_000;
const EVENTS_MS = 30 * DAY_MS;
const DELIVERIES_MS = 30 * DAY_MS;
const MAILS_MS = 90 * DAY_MS;
const ALERTS_MS = 365 * DAY_MS;

export async function tidyNotices({ records, clock }: Domain): Promise<void> {
  const now = clock.now();
  await records.events.removeHandled(now - EVENTS_MS);
  await records.deliveries.removeEnded(now - DELIVERIES_MS);
  await records.mails.removeBefore(now - MAILS_MS);
  await records.alerts.removeClosed(now - ALERTS_MS);
}
