/** Restores ordered on a machine: at the console, and as that machine sees them. */
import { z } from "zod";
import { empty, id16, listOf, listQuery, rowId } from "../messages/fields.ts";
import * as orders from "../messages/restore-orders.ts";
import { restoreProgress } from "../messages/restores.ts";
import type { Route } from "./route.ts";

const machineParams = z.strictObject({ machine: id16 });
const orderParams = z.strictObject({ order: rowId });

export const restoreOrdersRoutes = {
  orderRestore: {
    method: "POST",
    path: "/v1/machines/{machine}/restore-orders",
    audience: ["console"],
    summary: "Order a restore on the machine itself; somebody runs it there",
    params: machineParams,
    body: orders.orderRequest,
    response: orders.orderView,
  },
  listRestoreOrders: {
    method: "GET",
    path: "/v1/machines/{machine}/restore-orders",
    audience: ["console"],
    summary: "Restores ordered on a machine, newest first",
    params: machineParams,
    query: listQuery,
    response: listOf(orders.orderView),
  },
  cancelRestoreOrder: {
    method: "DELETE",
    path: "/v1/restore-orders/{order}",
    audience: ["console"],
    summary: "Take an order back that nobody has begun",
    params: orderParams,
    response: empty,
  },
  listOwnRestoreOrders: {
    method: "GET",
    path: "/v1/restore-orders",
    audience: ["agent"],
    summary: "Restores that were ordered on this machine and have not ended",
    query: listQuery,
    response: listOf(orders.orderView),
  },
  refuseRestoreOrder: {
    method: "POST",
    path: "/v1/restore-orders/{order}/refuse",
    audience: ["agent"],
    summary: "Whoever sits at the machine does not want it",
    params: orderParams,
    response: empty,
  },
  noteRestoreOrder: {
    method: "POST",
    path: "/v1/restore-orders/{order}/note",
    audience: ["agent"],
    summary: "Why the machine does not run it unasked",
    params: orderParams,
    body: orders.orderNoteRequest,
    response: empty,
  },
  takeOrderedFiles: {
    method: "POST",
    path: "/v1/restore-orders/{order}/files",
    audience: ["agent"],
    summary: "Begin an order unasked: the service opens the backups and hands over the files that were ordered",
    params: orderParams,
    bytes: "response",
  },
  progressRestoreOrder: {
    method: "POST",
    path: "/v1/restore-orders/{order}/progress",
    audience: ["agent"],
    summary: "How far the machine is with it, and how it ended",
    params: orderParams,
    body: restoreProgress,
    response: empty,
  },
} as const satisfies Record<string, Route>;
