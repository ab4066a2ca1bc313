import type { PageRow } from "../page-row.ts";

export const servicePages: readonly PageRow[] = [
  {
    path: "/organizations",
    who: "admin",
    needs: "organizations.view",
    load: async () => (await import("./organizations-page.tsx")).OrganizationsPage,
  },
  {
    path: "/organizations/new",
    who: "admin",
    needs: "organizations.create",
    load: async () => (await import("./new-organization-page.tsx")).NewOrganizationPage,
  },
  {
    path: "/organizations/:id",
    who: "admin",
    needs: "organizations.view",
    load: async () => (await import("./organization-page.tsx")).OrganizationPage,
  },
  {
    path: "/owners",
    who: "admin",
    needs: "service.view",
    load: async () => (await import("./owners-page.tsx")).OwnersPage,
  },
  {
    path: "/service",
    who: "admin",
    needs: "service.view",
    load: async () => (await import("./service-page.tsx")).ServicePage,
  },
];
