/** Organizations, for a top-level admin. */
import * as accounts from "../messages/accounts.ts";
import { listOf, listQuery } from "../messages/fields.ts";
import type { Route } from "./route.ts";

export const organizationsRoutes = {
  listOrganizations: {
    method: "GET",
    path: "/v1/organizations",
    audience: ["console"],
    query: listQuery,
    response: listOf(accounts.organizationView),
  },
  createOrganization: {
    method: "POST",
    path: "/v1/organizations",
    audience: ["console"],
    body: accounts.organizationCreate,
    response: accounts.organizationView,
  },
} as const satisfies Record<string, Route>;
