import type { PageRow } from "../page-row.ts";

export const machinePages: readonly PageRow[] = [
  { path: "/machines", needs: "machines.view", load: async () => (await import("./machines-page.tsx")).MachinesPage },
];
