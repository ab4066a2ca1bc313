/**
 * Every route as data: method, path, audience, schemas (docs/protocol.md). The service registers from this table, the agent calls
 * from it, tests walk it.
 */

import { accountFormRoutes } from "./routes/account-form.ts";
import { agentsRoutes } from "./routes/agents.ts";
import { auditRoutes } from "./routes/audit.ts";
import { groupsRoutes } from "./routes/groups.ts";
import { listsRoutes } from "./routes/lists.ts";
import { localCopiesRoutes } from "./routes/local-copies.ts";
import { machineActsRoutes } from "./routes/machine-acts.ts";
import { machinesRoutes } from "./routes/machines.ts";
import { noticesRoutes } from "./routes/notices.ts";
import { openRoutes } from "./routes/open.ts";
import { organizationsRoutes } from "./routes/organizations.ts";
import { passwordsRoutes } from "./routes/passwords.ts";
import { policiesRoutes } from "./routes/policies.ts";
import { productKeysRoutes } from "./routes/product-keys.ts";
import { recordsRoutes } from "./routes/records.ts";
import { reportsRoutes } from "./routes/reports.ts";
import { restoreOrdersRoutes } from "./routes/restore-orders.ts";
import { restoresRoutes } from "./routes/restores.ts";
import { rolesRoutes } from "./routes/roles.ts";
import type { Route } from "./routes/route.ts";
import { securityRoutes } from "./routes/security.ts";
import { spaceRoutes } from "./routes/space.ts";
import { updatesRoutes } from "./routes/updates.ts";
import { usersRoutes } from "./routes/users.ts";
import { webRestoreRoutes } from "./routes/web-restore.ts";
import { wrapsRoutes } from "./routes/wraps.ts";

export type { Audience, LoginLimit, Route } from "./routes/route.ts";

export const ROUTES = {
  ...openRoutes,
  ...agentsRoutes,
  ...restoresRoutes,
  ...localCopiesRoutes,
  ...updatesRoutes,
  ...webRestoreRoutes,
  ...restoreOrdersRoutes,
  ...organizationsRoutes,
  ...groupsRoutes,
  ...usersRoutes,
  ...accountFormRoutes,
  ...passwordsRoutes,
  ...listsRoutes,
  ...machinesRoutes,
  ...machineActsRoutes,
  ...wrapsRoutes,
  ...policiesRoutes,
  ...productKeysRoutes,
  ...recordsRoutes,
  ...auditRoutes,
  ...noticesRoutes,
  ...reportsRoutes,
  ...spaceRoutes,
  ...securityRoutes,
  ...rolesRoutes,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
