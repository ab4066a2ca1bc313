import type { PageRow } from "../page-row.ts";

export const recordPages: readonly PageRow[] = [
  {
    path: "/records/backups",
    needs: "machines.view",
    load: async () => (await import("./backups-page.tsx")).BackupsPage,
  },
  {
    path: "/records/backups/:id",
    needs: "machines.view",
    load: async () => (await import("./backup-page.tsx")).BackupPage,
  },
  {
    path: "/records/restores",
    needs: "restores.view",
    load: async () => (await import("./restores-page.tsx")).RestoresPage,
  },
];
