/** Users. */
import { z } from "zod";
import { listOf, listQuery, rowId } from "../messages/fields.ts";
import * as users from "../messages/users.ts";
import type { Route } from "./route.ts";

export const usersRoutes = {
  listUsers: {
    method: "GET",
    path: "/v1/users",
    audience: ["console"],
    needs: "users.view",
    summary: "Search / List Users",
    query: listQuery,
    response: listOf(users.userView),
  },
  createUser: {
    method: "POST",
    path: "/v1/users",
    audience: ["console"],
    needs: "users.create",
    summary: "Add a user",
    etag: true,
    body: users.userCreate,
    response: users.userView,
  },
  changeUser: {
    method: "PATCH",
    path: "/v1/users/{user}",
    audience: ["console"],
    needs: "users.edit",
    summary: "Change a user",
    etag: true,
    params: z.strictObject({ user: rowId }),
    body: users.userChange,
    response: users.userView,
  },
} as const satisfies Record<string, Route>;
