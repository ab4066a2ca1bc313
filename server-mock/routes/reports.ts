/** Routes for reports and for what is mailed regularly. */
import type { Domain } from "../domain/domain.ts";
import { answerReport, listReports, previewReport } from "../domain/reports/answer-report.ts";
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  EMAIL_ALERTS,
  listSchedules,
  REPORT_SCHEDULES,
  viewSchedule,
} from "../domain/schedules/schedules.ts";
import { previewSummary, sendNow } from "../domain/schedules/send-schedules.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const reportsHandlers = (domain: Domain) =>
  ({
    listReports: async () => listReports(),
    runReport: ({ caller, params, query }) => answerReport(domain, caller, { ...params, ...query }),
    previewReport: ({ caller, params, query }) => previewReport(domain, caller, { ...params, ...query }),
    listReportSchedules: ({ caller, query }) => listSchedules(domain, caller, REPORT_SCHEDULES, query),
    createReportSchedule: ({ caller, body, address }) =>
      createSchedule(domain, caller, REPORT_SCHEDULES, body, address),
    getReportSchedule: ({ caller, params }) => viewSchedule(domain, caller, REPORT_SCHEDULES, params),
    changeReportSchedule: ({ caller, params, body, ifMatch, address }) =>
      changeSchedule(domain, caller, REPORT_SCHEDULES, { ...params, body, ifMatch }, address),
    deleteReportSchedule: async ({ caller, params, address }) => {
      await deleteSchedule(domain, caller, { ...params, kind: "report" }, address);
      return {};
    },
    sendReportSchedule: async ({ caller, params, address }) => {
      await sendNow(domain, caller, { ...params, kind: "report" }, address);
      return {};
    },
    listEmailAlerts: ({ caller, query }) => listSchedules(domain, caller, EMAIL_ALERTS, query),
    createEmailAlert: ({ caller, body, address }) => createSchedule(domain, caller, EMAIL_ALERTS, body, address),
    getEmailAlert: ({ caller, params }) => viewSchedule(domain, caller, EMAIL_ALERTS, params),
    changeEmailAlert: ({ caller, params, body, ifMatch, address }) =>
      changeSchedule(domain, caller, EMAIL_ALERTS, { ...params, body, ifMatch }, address),
    deleteEmailAlert: async ({ caller, params, address }) => {
      await deleteSchedule(domain, caller, { ...params, kind: "summary" }, address);
      return {};
    },
    sendEmailAlert: async ({ caller, params, address }) => {
      await sendNow(domain, caller, { ...params, kind: "summary" }, address);
      return {};
    },
    previewEmailAlert: ({ caller, body }) => previewSummary(domain, caller, body),
  }) satisfies Partial<ServiceHandlers>;
