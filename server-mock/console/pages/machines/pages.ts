import type { PageRow } from "../page-row.ts";

export const machinePages: readonly PageRow[] = [
  { path: "/machines", needs: "machines.view", load: async () => (await import("./machines-page.tsx")).MachinesPage },
  {
    path: "/machines/move",
    who: "admin",
    needs: "machines.edit",
    load: async () => (await import("./move-machines-page.tsx")).MoveMachinesPage,
  },
  { path: "/machines/:id", needs: "machines.view", load: async () => (await import("./machine-page.tsx")).MachinePage },
  {
    path: "/machines/:id/configuration",
    needs: "machines.view",
    load: async () => (await import("./machine-configuration-page.tsx")).MachineConfigurationPage,
  },
  {
    path: "/machines/:id/retention",
    needs: "machines.view",
    load: async () => (await import("./machine-retention-page.tsx")).MachineRetentionPage,
  },
];
