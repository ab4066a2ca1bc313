import type { PageRow } from "../page-row.ts";

export const userPages: readonly PageRow[] = [
  { path: "/users", who: "admin", needs: "users.view", load: async () => (await import("./users-page.tsx")).UsersPage },
];
