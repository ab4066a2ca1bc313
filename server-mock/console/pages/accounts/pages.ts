import type { PageRow } from "../page-row.ts";

export const accountsPages: readonly PageRow[] = [
  {
    path: "/accounts",
    who: "admin",
    needs: "users.view",
    load: async () => (await import("./accounts-page.tsx")).AccountsPage,
  },
  {
    path: "/accounts/new",
    who: "admin",
    needs: "users.create",
    load: async () => (await import("./new-account-page.tsx")).NewAccountPage,
  },
  {
    path: "/accounts/:id",
    who: "admin",
    needs: "users.view",
    load: async () => (await import("./account-page.tsx")).AccountPage,
  },
];
