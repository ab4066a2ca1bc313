import type { PageRow } from "../page-row.ts";

export const reportPages: readonly PageRow[] = [
  {
    path: "/reports",
    who: "admin",
    needs: "reports.view",
    load: async () => (await import("./reports-page.tsx")).ReportsPage,
  },
  {
    path: "/reports/:report/schedule",
    who: "admin",
    needs: "reports.edit",
    load: async () => (await import("./report-schedule-page.tsx")).NewReportSchedulePage,
  },
  {
    path: "/report-schedules/:id",
    who: "admin",
    needs: "reports.view",
    load: async () => (await import("./report-schedule-page.tsx")).ReportSchedulePage,
  },
  {
    path: "/reports/:report",
    who: "admin",
    needs: "reports.view",
    load: async () => (await import("./report-page.tsx")).ReportPage,
  },
  {
    path: "/email-alerts",
    who: "admin",
    needs: "alerts.view",
    load: async () => (await import("./email-alerts-page.tsx")).EmailAlertsPage,
  },
  {
    path: "/email-alerts/new",
    who: "admin",
    needs: "alerts.edit",
    load: async () => (await import("./email-alert-page.tsx")).NewEmailAlertPage,
  },
  {
    path: "/email-alerts/:id",
    who: "admin",
    needs: "alerts.view",
    load: async () => (await import("./email-alert-page.tsx")).EmailAlertPage,
  },
];
