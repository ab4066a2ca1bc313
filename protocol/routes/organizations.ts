/** Organizations, for a top-level admin. */

import { listOf, listQuery } from "../messages/fields.ts";
import * as organizations from "../messages/organizations.ts";
import type { Route } from "./route.ts";

export const organizationsRoutes = {
  listOrganizations: {
    method: "GET",
    path: "/v1/organizations",
    audience: ["console"],
    needs: "organizations.view",
    summary: "The organizations of this service",
    query: listQuery,
    response: listOf(organizations.organizationView),
  },
  createOrganization: {
    method: "POST",
    path: "/v1/organizations",
    audience: ["console"],
    needs: "organizations.create",
    summary: "Make an organization and its first admin",
    body: organizations.organizationCreate,
    response: organizations.organizationView,
  },
} as const satisfies Record<string, Route>;
