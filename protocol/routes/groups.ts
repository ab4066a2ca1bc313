/** User groups. */
import { z } from "zod";
import { empty, listOf, rowId } from "../messages/fields.ts";
import * as groups from "../messages/groups.ts";
import type { Route } from "./route.ts";

const groupParams = z.strictObject({ group: rowId });

export const groupsRoutes = {
  listGroups: {
    method: "GET",
    path: "/v1/groups",
    audience: ["console"],
    needs: "groups.view",
    summary: "User groups, with the storage and licences that they have free",
    query: groups.groupQuery,
    response: listOf(groups.groupView),
  },
  createGroup: {
    method: "POST",
    path: "/v1/groups",
    audience: ["console"],
    needs: "groups.create",
    summary: "Add New Group",
    etag: true,
    body: groups.groupCreate,
    response: groups.groupView,
  },
  getGroup: {
    method: "GET",
    path: "/v1/groups/{group}",
    audience: ["console"],
    needs: "groups.view",
    summary: "A user group",
    etag: true,
    params: groupParams,
    response: groups.groupDetails,
  },
  changeGroup: {
    method: "PATCH",
    path: "/v1/groups/{group}",
    audience: ["console"],
    needs: "groups.edit",
    summary:
      "Change a user group: name, settings, Shared / Limited / Assigned / None storage, licences; make it the default",
    etag: true,
    params: groupParams,
    body: groups.groupChange,
    response: groups.groupDetails,
  },
  deleteGroup: {
    method: "DELETE",
    path: "/v1/groups/{group}",
    audience: ["console"],
    needs: "groups.delete",
    summary: "Delete an empty user group",
    params: groupParams,
    response: empty,
  },
} as const satisfies Record<string, Route>;
