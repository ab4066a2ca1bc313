/** Messages by name: what the OpenAPI document says once and refers to elsewhere. A module that is not listed here is spelled out where it is used. */
import { z } from "zod";
import * as accounts from "../messages/accounts.ts";
import * as groups from "../messages/groups.ts";
import * as machines from "../messages/machines.ts";
import * as organizations from "../messages/organizations.ts";
import * as productKeys from "../messages/product-keys.ts";
import * as records from "../messages/records.ts";
import * as restores from "../messages/restores.ts";
import * as service from "../messages/service.ts";
import * as sessions from "../messages/sessions.ts";
import * as users from "../messages/users.ts";

const MODULES = [accounts, groups, machines, organizations, productKeys, records, restores, service, sessions, users];

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
