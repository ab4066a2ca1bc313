/** All handlers: each parses nothing, makes one call into the domain and shapes its answer. */
import type { ServiceCallers } from "../domain/access/callers.ts";
import type { Domain } from "../domain/domain.ts";
import type { Handlers } from "../http/call.ts";
import type { WebRestores } from "../web-restore/web-restores.ts";
import { accountFormHandlers } from "./account-form.ts";
import { agentHandlers } from "./agent.ts";
import { apiDocsHandlers } from "./api-docs.ts";
import { consoleHandlers } from "./console.ts";
import { listsHandlers } from "./lists.ts";
import { localCopiesHandlers } from "./local-copies.ts";
import { machineHandlers } from "./machines.ts";
import { noticesHandlers } from "./notices.ts";
import { openHandlers } from "./open.ts";
import { organizationsHandlers } from "./organizations.ts";
import { passwordsHandlers } from "./passwords.ts";
import { policyHandlers } from "./policies.ts";
import { productKeyHandlers } from "./product-keys.ts";
import { recordHandlers } from "./records.ts";
import { reportsHandlers } from "./reports.ts";
import { restoreHandlers } from "./restore.ts";
import { rolesHandlers } from "./roles.ts";
import { securityHandlers } from "./security.ts";
import { spaceHandlers } from "./space.ts";
import { updatesHandlers } from "./updates.ts";
import { usersHandlers } from "./users.ts";
import { webRestoreHandlers } from "./web-restore.ts";
import { wrapsHandlers } from "./wraps.ts";

export type ServiceHandlers = Handlers<ServiceCallers>;

export const serviceHandlers = (domain: Domain, web: () => Promise<WebRestores>): ServiceHandlers => ({
  ...openHandlers(domain),
  ...apiDocsHandlers(),
  ...agentHandlers(domain),
  ...localCopiesHandlers(domain),
  ...updatesHandlers(domain),
  ...restoreHandlers(domain),
  ...webRestoreHandlers(domain, web),
  ...spaceHandlers(domain),
  ...consoleHandlers(domain),
  ...organizationsHandlers(domain),
  ...usersHandlers(domain),
  ...accountFormHandlers(domain),
  ...passwordsHandlers(domain),
  ...listsHandlers(domain),
  ...machineHandlers(domain),
  ...wrapsHandlers(domain),
  ...productKeyHandlers(domain),
  ...policyHandlers(domain),
  ...noticesHandlers(domain),
  ...reportsHandlers(domain),
  ...recordHandlers(domain),
  ...securityHandlers(domain),
  ...rolesHandlers(domain),
});
