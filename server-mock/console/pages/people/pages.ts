import type { PageRow } from "../page-row.ts";

export const peoplePages: readonly PageRow[] = [
  { path: "/roles", who: "admin", needs: "roles.view", load: async () => (await import("./roles-page.tsx")).RolesPage },
  {
    path: "/roles/new",
    who: "admin",
    needs: "roles.create",
    load: async () => (await import("./new-role-page.tsx")).NewRolePage,
  },
  {
    path: "/roles/:id",
    who: "admin",
    needs: "roles.view",
    load: async () => (await import("./role-page.tsx")).RolePage,
  },
  {
    path: "/admins",
    who: "admin",
    needs: "roles.view",
    load: async () => (await import("./admins-page.tsx")).AdminsPage,
  },
  {
    path: "/admins/new",
    who: "admin",
    needs: "roles.create",
    load: async () => (await import("./new-admin-page.tsx")).NewAdminPage,
  },
  {
    path: "/admins/:id",
    who: "admin",
    needs: "roles.view",
    load: async () => (await import("./admin-page.tsx")).AdminPage,
  },
  {
    path: "/organization",
    who: "admin",
    needs: "organization.view",
    load: async () => (await import("./organization-page.tsx")).OrganizationPage,
  },
];
