/** What the service tells people and programs: overview, alerts, mails, webhooks. */
import { z } from "zod";
import * as alerts from "../messages/alerts.ts";
import * as events from "../messages/events.ts";
import { empty, listOf, listQuery, rowId } from "../messages/fields.ts";
import * as mails from "../messages/mails.ts";
import * as overview from "../messages/overview.ts";
import * as webhooks from "../messages/webhooks.ts";
import type { Route } from "./route.ts";

const webhookParams = z.strictObject({ webhook: rowId });
const alertParams = z.strictObject({ alert: rowId });

export const noticesRoutes = {
  overview: {
    method: "GET",
    path: "/v1/overview",
    audience: ["console"],
    summary: "Counts of machines by status, storage, running backups, alerts",
    query: overview.overviewQuery,
    response: overview.overview,
  },
  overviewAttention: {
    method: "GET",
    path: "/v1/overview/attention",
    audience: ["console"],
    summary: "Machines that need somebody, the most urgent first, each with its cause",
    query: overview.attentionQuery,
    response: overview.attention,
  },
  overviewToday: {
    method: "GET",
    path: "/v1/overview/today",
    audience: ["console"],
    summary: "What changed today",
    query: overview.overviewQuery,
    response: overview.overviewToday,
  },
  overviewStorage: {
    method: "GET",
    path: "/v1/overview/storage",
    audience: ["console"],
    summary: "Storage used against the quota, day by day",
    query: overview.storageQuery,
    response: overview.storageHistory,
  },
  listEvents: {
    method: "GET",
    path: "/v1/events",
    audience: ["console"],
    summary: "What happened, newest first",
    query: events.eventQuery,
    response: listOf(events.eventView),
  },
  changes: {
    method: "GET",
    path: "/v1/changes",
    audience: ["console"],
    summary: "Where something has changed since the last answer: cheap enough to ask every few seconds",
    query: events.changesQuery,
    response: events.changes,
  },
  listAlerts: {
    method: "GET",
    path: "/v1/alerts",
    audience: ["console"],
    summary: "What is not as it should be, or was not",
    query: alerts.alertQuery,
    response: listOf(alerts.alertView),
  },
  acknowledgeAlert: {
    method: "POST",
    path: "/v1/alerts/{alert}/acknowledge",
    audience: ["console"],
    needs: "alerts.edit",
    summary: "Somebody looks after it",
    params: alertParams,
    response: alerts.alertView,
  },
  listMails: {
    method: "GET",
    path: "/v1/mails",
    audience: ["console"],
    needs: "organization.view",
    summary: "The outbox: mails that wait, were sent, or could not be",
    query: mails.mailQuery,
    response: mails.mailList,
  },
  retryMail: {
    method: "POST",
    path: "/v1/mails/{mail}/retry",
    audience: ["console"],
    needs: "organization.edit",
    summary: "Try a mail again now",
    params: z.strictObject({ mail: rowId }),
    response: mails.mailView,
  },
  listWebhooks: {
    method: "GET",
    path: "/v1/webhooks",
    audience: ["console"],
    needs: "organization.view",
    summary: "Where events are sent",
    query: listQuery,
    response: listOf(webhooks.webhookView),
  },
  createWebhook: {
    method: "POST",
    path: "/v1/webhooks",
    audience: ["console"],
    needs: "organization.edit",
    summary: "Send events to a URL; the secret is shown here only",
    body: webhooks.webhookCreate,
    response: webhooks.webhookCreated,
  },
  changeWebhook: {
    method: "PATCH",
    path: "/v1/webhooks/{webhook}",
    audience: ["console"],
    needs: "organization.edit",
    etag: true,
    summary: "Change a webhook, turn it on or off, or make a new secret",
    params: webhookParams,
    body: webhooks.webhookChange,
    response: webhooks.webhookChanged,
  },
  deleteWebhook: {
    method: "DELETE",
    path: "/v1/webhooks/{webhook}",
    audience: ["console"],
    needs: "organization.edit",
    summary: "Delete a webhook with its deliveries",
    params: webhookParams,
    response: empty,
  },
  testWebhook: {
    method: "POST",
    path: "/v1/webhooks/{webhook}/test",
    audience: ["console"],
    needs: "organization.edit",
    summary: "Send it an event that says that it is a test",
    params: webhookParams,
    response: webhooks.deliveryView,
  },
  listDeliveries: {
    method: "GET",
    path: "/v1/webhooks/{webhook}/deliveries",
    audience: ["console"],
    needs: "organization.view",
    summary: "What was sent to it, and what it answered",
    params: webhookParams,
    query: listQuery,
    response: listOf(webhooks.deliveryView),
  },
} as const satisfies Record<string, Route>;
