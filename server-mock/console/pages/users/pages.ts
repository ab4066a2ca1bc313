import type { PageRow } from "../page-row.ts";

export const userPages: readonly PageRow[] = [
  { path: "/users", who: "admin", needs: "users.view", load: async () => (await import("./users-page.tsx")).UsersPage },
  {
    path: "/users/new",
    who: "admin",
    needs: "users.create",
    load: async () => (await import("./new/new-user-page.tsx")).NewUserPage,
  },
  {
    path: "/users/import",
    who: "admin",
    needs: "users.create",
    load: async () => (await import("./import/import-page.tsx")).ImportPage,
  },
  {
    path: "/users/:id",
    who: "admin",
    needs: "users.view",
    load: async () => (await import("./details/user-page.tsx")).UserPage,
  },
];
