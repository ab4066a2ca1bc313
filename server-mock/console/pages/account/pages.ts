import type { PageRow } from "../page-row.ts";

export const accountPages: readonly PageRow[] = [
  { path: "/account", load: async () => (await import("./account-page.tsx")).AccountPage },
  {
    path: "/account/notifications",
    load: async () => (await import("./notifications-page.tsx")).NotificationsPage,
  },
  { path: "/install", load: async () => (await import("../install/install-page.tsx")).InstallPage },
];
