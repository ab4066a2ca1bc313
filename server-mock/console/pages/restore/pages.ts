import type { PageRow } from "../page-row.ts";

export const restorePages: readonly PageRow[] = [
  { path: "/restore", needs: "restores.create", load: async () => (await import("./restore-page.tsx")).RestorePage },
  {
    path: "/restore/:machine",
    needs: "restores.create",
    load: async () => (await import("./restore-machine-page.tsx")).RestoreMachinePage,
  },
  {
    path: "/machines/:id/files",
    needs: "restores.create",
    load: async () => (await import("./machine-files-page.tsx")).MachineFilesPage,
  },
];
