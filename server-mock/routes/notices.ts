/** Routes for what the service tells people and programs: overview, alerts, mails, webhooks. */
import { acknowledgeAlert, listAlerts } from "../domain/alerts/list-alerts.ts";
import { overviewCounts } from "../domain/alerts/overview.ts";
import type { Domain } from "../domain/domain.ts";
import { listMails, retryMail } from "../domain/mail/outbox.ts";
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
  return {
    overview: ({ caller, query }) => overview(caller, query),
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
