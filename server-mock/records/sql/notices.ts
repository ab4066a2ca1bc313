/** All stores of notices on one connection. */
import type { NoticeStores } from "../notices.ts";
import { sqlAlerts, sqlSchedules } from "./alerts.ts";
import type { Sql } from "./database.ts";
import { sqlEvents } from "./events.ts";
import { sqlMails } from "./mails.ts";
import { sqlReports } from "./reports.ts";
import { sqlWatch } from "./watch.ts";
import { sqlDeliveries, sqlWebhooks } from "./webhooks.ts";

export const noticeStores = (sql: Sql): NoticeStores => ({
  events: sqlEvents(sql),
  mails: sqlMails(sql),
  webhooks: sqlWebhooks(sql),
  deliveries: sqlDeliveries(sql),
  alerts: sqlAlerts(sql),
  schedules: sqlSchedules(sql),
  watch: sqlWatch(sql),
  reports: sqlReports(sql),
});
