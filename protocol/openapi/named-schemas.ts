/** Messages by name: what the OpenAPI document says once and refers to elsewhere. A module that is not listed here is spelled out where it is used. */
import { z } from "zod";
import * as accounts from "../messages/accounts.ts";
import * as alerts from "../messages/alerts.ts";
import * as groups from "../messages/groups.ts";
import * as lists from "../messages/lists.ts";
import * as machineActs from "../messages/machine-acts.ts";
import * as machines from "../messages/machines.ts";
import * as mails from "../messages/mails.ts";
import * as organizations from "../messages/organizations.ts";
import * as passwords from "../messages/passwords.ts";
import * as policies from "../messages/policies.ts";
import * as productKeys from "../messages/product-keys.ts";
import * as records from "../messages/records.ts";
import * as reports from "../messages/reports.ts";
import * as restores from "../messages/restores.ts";
import * as retention from "../messages/retention.ts";
import * as roles from "../messages/roles.ts";
import * as schedules from "../messages/schedules.ts";
import * as security from "../messages/security.ts";
import * as service from "../messages/service.ts";
import * as sessions from "../messages/sessions.ts";
import * as space from "../messages/space.ts";
import * as users from "../messages/users.ts";
import * as webhooks from "../messages/webhooks.ts";

const MODULES = [
  accounts,
  alerts,
  groups,
  lists,
  machineActs,
  machines,
  mails,
  organizations,
  passwords,
  policies,
  productKeys,
  records,
  reports,
  restores,
  retention,
  roles,
  schedules,
  security,
  service,
  sessions,
  space,
  users,
  webhooks,
];

type SchemaNames = z.core.$ZodRegistry<{ id: string }>;

/** `userView` → `UserView`. */
export function namedSchemas(): SchemaNames {
  const names: SchemaNames = z.registry<{ id: string }>();
  const taken = new Set<string>();
  for (const exported of MODULES.flatMap((module) => Object.entries(module))) {
    const [name, schema] = exported;
    // Fields are clearer where they are used.
    if (!(schema instanceof z.ZodObject || schema instanceof z.ZodUnion)) continue;
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    if (taken.has(id) || names.has(schema)) continue;
    taken.add(id);
    names.add(schema, { id });
  }
  return names;
}
