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
  {
    path: "/product-keys",
    who: "admin",
    needs: "keys.view",
    load: async () => (await import("./keys-page.tsx")).KeysPage,
  },
  {
    path: "/resources",
    who: "admin",
    needs: "organization.view",
    load: async () => (await import("./resources-page.tsx")).ResourcesPage,
  },
];
