/** What agents and the command line call: a part of ROUTES, so that a command loads no more schemas than it may need. */
import { agentsRoutes } from "./routes/agents.ts";
import { listsRoutes } from "./routes/lists.ts";
import { localCopiesRoutes } from "./routes/local-copies.ts";
import { machineActsRoutes } from "./routes/machine-acts.ts";
import { openRoutes } from "./routes/open.ts";
import { policiesRoutes } from "./routes/policies.ts";
import { restoreOrdersRoutes } from "./routes/restore-orders.ts";
import { restoresRoutes } from "./routes/restores.ts";
import type { Route } from "./routes/route.ts";
import { updatesRoutes } from "./routes/updates.ts";
import { wrapsRoutes } from "./routes/wraps.ts";

export const AGENT_ROUTES = {
  ...openRoutes,
  ...agentsRoutes,
  ...restoresRoutes,
  ...localCopiesRoutes,
  ...updatesRoutes,
  listMachines: listsRoutes.listMachines,
  openReplacement: machineActsRoutes.openReplacement,
  useReplacement: machineActsRoutes.useReplacement,
  changeWrap: wrapsRoutes.changeWrap,
  findRecoveryCertificate: wrapsRoutes.findRecoveryCertificate,
  addRecoveryCertificate: wrapsRoutes.addRecoveryCertificate,
  listOwnRestoreOrders: restoreOrdersRoutes.listOwnRestoreOrders,
  ownPolicy: policiesRoutes.ownPolicy,
  takePolicy: policiesRoutes.takePolicy,
  refuseRestoreOrder: restoreOrdersRoutes.refuseRestoreOrder,
  noteRestoreOrder: restoreOrdersRoutes.noteRestoreOrder,
  takeOrderedFiles: restoreOrdersRoutes.takeOrderedFiles,
  progressRestoreOrder: restoreOrdersRoutes.progressRestoreOrder,
} as const satisfies Record<string, Route>;

export type AgentRouteName = keyof typeof AGENT_ROUTES;
