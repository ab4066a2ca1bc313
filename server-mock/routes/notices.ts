/** Routes for what the service tells people and programs: overview, alerts, mails, webhooks. */
import { attentionOf } from "../domain/alerts/attention.ts";
import { acknowledgeAlert, listAlerts } from "../domain/alerts/list-alerts.ts";
import { overviewCounts } from "../domain/alerts/overview.ts";
import { overviewToday } from "../domain/alerts/today.ts";
import type { Domain } from "../domain/domain.ts";
import { findChanges } from "../domain/events/changes.ts";
import { listEvents } from "../domain/events/list-events.ts";
import { listMails, retryMail } from "../domain/mail/outbox.ts";
import { scopeHistory } from "../domain/usage/storage-history.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listDeliveries,
  listWebhooks,
  testWebhook,
} from "../domain/webhooks/webhooks.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const noticesHandlers = (domain: Domain) => {
  const overview = overviewCounts(domain);
  const attention = attentionOf(domain);
  return {
    overview: ({ caller, query }) => overview(caller, query),
    overviewAttention: ({ caller, query }) => attention(caller, query),
    overviewToday: ({ caller, query }) => overviewToday(domain, caller, query),
    overviewStorage: ({ caller, query }) => scopeHistory(domain, caller, query),
    listEvents: ({ caller, query }) => listEvents(domain, caller, query),
    changes: ({ caller, query }) => findChanges(domain, caller, query),
    listAlerts: ({ caller, query }) => listAlerts(domain, caller, query),
    acknowledgeAlert: ({ caller, params, address }) => acknowledgeAlert(domain, caller, params.alert, address),
    listMails: ({ caller, query }) => listMails(domain, caller, query),
    retryMail: ({ caller, params, address }) => retryMail(domain, caller, params.mail, address),
    listWebhooks: ({ caller, query }) => listWebhooks(domain, caller, query),
    createWebhook: ({ caller, body, address }) => createWebhook(domain, caller, body, address),
    changeWebhook: ({ caller, params, body, ifMatch, address }) =>
      changeWebhook(domain, caller, { ...params, ...body }, { ifMatch, address }),
    deleteWebhook: async ({ caller, params, address }) => {
      await deleteWebhook(domain, caller, params.webhook, address);
      return {};
    },
    testWebhook: ({ caller, params }) => testWebhook(domain, caller, params.webhook),
    listDeliveries: ({ caller, params, query }) => listDeliveries(domain, caller, { ...params, ...query }),
  } satisfies Partial<ServiceHandlers>;
};
