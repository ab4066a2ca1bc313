import type { PageRow } from "../page-row.ts";

export const groupPages: readonly PageRow[] = [
  {
    path: "/groups",
    who: "admin",
    needs: "groups.view",
    load: async () => (await import("./groups-page.tsx")).GroupsPage,
  },
  {
    path: "/groups/new",
    who: "admin",
    needs: "groups.create",
    load: async () => (await import("./new-group-page.tsx")).NewGroupPage,
  },
  {
    path: "/groups/:id",
    who: "admin",
    needs: "groups.view",
    load: async () => (await import("./group-page.tsx")).GroupPage,
  },
];
