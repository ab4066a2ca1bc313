/** Search / List Users, Search / List Machines, the same as CSV, and users from CSV. */
import * as lists from "../messages/lists.ts";
import type { Route } from "./route.ts";

const CSV = "text/csv; charset=utf-8";

export const listsRoutes = {
  listUsers: {
    method: "GET",
    path: "/v1/users",
    audience: ["console"],
    needs: "users.view",
    summary: "Search / List Users",
    query: lists.userListQuery,
    response: lists.userList,
  },
  exportUsers: {
    method: "GET",
    path: "/v1/users.csv",
    audience: ["console"],
    needs: "users.view",
    summary: "The same list as CSV: all of it, same columns, same order",
    query: lists.userListChoice,
    bytes: "response",
    media: CSV,
  },
  importUsers: {
    method: "POST",
    path: "/v1/users.csv",
    audience: ["console"],
    needs: "users.create",
    summary: "Users from a CSV file; a dry run unless asked otherwise",
    query: lists.userImportQuery,
    bytes: "request",
    response: lists.userImportResult,
  },
  listMachines: {
    method: "GET",
    path: "/v1/machines",
    audience: ["console"],
    summary: "Search / List Machines",
    query: lists.machineListQuery,
    response: lists.machineList,
  },
  exportMachines: {
    method: "GET",
    path: "/v1/machines.csv",
    audience: ["console"],
    summary: "The same list as CSV: all of it, same columns, same order",
    query: lists.machineListChoice,
    bytes: "response",
    media: CSV,
  },
} as const satisfies Record<string, Route>;
