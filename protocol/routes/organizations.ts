/** Organizations: all of them for a top-level admin, their own for everybody else's admins. */
import { z } from "zod";
import { empty, listOf, listQuery, rowId } from "../messages/fields.ts";
import * as organizations from "../messages/organizations.ts";
import type { Route } from "./route.ts";

const organizationParams = z.strictObject({ organization: rowId });

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
    etag: true,
    body: organizations.organizationCreate,
    response: organizations.organizationView,
  },
  getOrganization: {
    method: "GET",
    path: "/v1/organizations/{organization}",
    audience: ["console"],
    needs: "organizations.view",
    summary: "An organization: edition, settings, storage, licences",
    etag: true,
    params: organizationParams,
    response: organizations.organizationDetails,
  },
  changeOrganization: {
    method: "PATCH",
    path: "/v1/organizations/{organization}",
    audience: ["console"],
    needs: "organizations.edit",
    summary: "Change an organization's edition, settings, storage, licences; suspend or activate it",
    etag: true,
    params: organizationParams,
    body: organizations.organizationChange,
    response: organizations.organizationDetails,
  },
  deleteOrganization: {
    method: "DELETE",
    path: "/v1/organizations/{organization}",
    audience: ["console"],
    needs: "organizations.delete",
    stepUp: true,
    summary: "Delete an organization that has no users and machines any more",
    params: organizationParams,
    response: empty,
  },
  ownOrganization: {
    method: "GET",
    path: "/v1/organization",
    audience: ["console"],
    needs: "organization.view",
    summary: "One's own organization",
    etag: true,
    response: organizations.organizationDetails,
  },
  changeOwnOrganization: {
    method: "PATCH",
    path: "/v1/organization",
    audience: ["console"],
    needs: "organization.edit",
    summary: "Change one's own organization's name, subdomain, settings",
    etag: true,
    body: organizations.ownOrganizationChange,
    response: organizations.organizationDetails,
  },
} as const satisfies Record<string, Route>;
