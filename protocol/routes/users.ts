/** Users. */
import { z } from "zod";
import * as accounts from "../messages/accounts.ts";
import { listOf, listQuery, rowId } from "../messages/fields.ts";
import type { Route } from "./route.ts";

export const usersRoutes = {
  listUsers: {
    method: "GET",
    path: "/v1/users",
    audience: ["console"],
    query: listQuery,
    response: listOf(accounts.userView),
  },
  createUser: {
    method: "POST",
    path: "/v1/users",
    audience: ["console"],
    body: accounts.userCreate,
    response: accounts.userView,
  },
  changeUser: {
    method: "PATCH",
    path: "/v1/users/{user}",
    audience: ["console"],
    params: z.strictObject({ user: rowId }),
    body: accounts.userChange,
    response: accounts.userView,
  },
} as const satisfies Record<string, Route>;
