import type { PageRow } from "../page-row.ts";

export const overviewPages: readonly PageRow[] = [
  { path: "/", who: "admin", load: async () => (await import("./overview-page.tsx")).OverviewPage },
  { path: "/", who: "user", load: async () => (await import("./own-machines-page.tsx")).OwnMachinesPage },
  {
    path: "/alerts",
    who: "admin",
    needs: "alerts.view",
    load: async () => (await import("./alerts-page.tsx")).AlertsPage,
  },
  { path: "/events", load: async () => (await import("./events-page.tsx")).EventsPage },
];
