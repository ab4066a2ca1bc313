/** What is done to machines: delete and bring back, purge, replace, move. */
import { z } from "zod";
import { empty, id16 } from "../messages/fields.ts";
import * as acts from "../messages/machine-acts.ts";
import { registerResponse } from "../messages/machines.ts";
import type { Route } from "./route.ts";

const params = z.strictObject({ machine: id16 });

export const machineActsRoutes = {
  deleteMachine: {
    method: "DELETE",
    path: "/v1/machines/{machine}",
    audience: ["console"],
    needs: "machines.delete",
    summary: "Delete a machine; it can be brought back for some days",
    etag: true,
    params,
    response: acts.machineDetails,
  },
  undeleteMachine: {
    method: "POST",
    path: "/v1/machines/{machine}/undelete",
    audience: ["console"],
    needs: "machines.delete",
    summary: "Bring a deleted machine back",
    etag: true,
    params,
    response: acts.machineDetails,
  },
  purgeMachine: {
    method: "POST",
    path: "/v1/machines/{machine}/purge",
    audience: ["console"],
    needs: "machines.delete",
    stepUp: true,
    summary: "Remove a deleted machine with all its backups, for good",
    params,
    body: acts.machinePurge,
    response: empty,
  },
  moveMachine: {
    method: "POST",
    path: "/v1/machines/{machine}/move",
    audience: ["console"],
    needs: "machines.edit",
    summary: "Give a machine to another user; nothing is sent again",
    etag: true,
    params,
    body: acts.machineMove,
    response: acts.machineDetails,
  },
  moveMachines: {
    method: "POST",
    path: "/v1/machine-moves",
    audience: ["console"],
    needs: "machines.edit",
    summary: "Give machines to other users as a CSV file says",
    query: acts.movesQuery,
    bytes: "request",
    response: acts.movesResult,
  },
  exportMachineMoves: {
    method: "GET",
    path: "/v1/machine-moves.csv",
    audience: ["console"],
    needs: "machines.view",
    summary: "All machines with their owners as CSV, to be filled in and sent back",
    bytes: "response",
    media: "text/csv; charset=utf-8",
  },
  createReplacement: {
    method: "POST",
    path: "/v1/machines/{machine}/replacement",
    audience: ["console"],
    needs: "machines.edit",
    stepUp: true,
    summary: "A code with which new hardware takes over a machine's history",
    params,
    response: acts.replacementCreated,
  },
  openReplacement: {
    method: "POST",
    path: "/v1/replacements/open",
    audience: ["none"],
    summary: "What a replacement code stands for",
    body: acts.replacementOpen,
    response: acts.replacementOpened,
  },
  useReplacement: {
    method: "POST",
    path: "/v1/replacements",
    audience: ["none"],
    summary: "New hardware takes over a machine's history",
    body: acts.replacementUse,
    response: registerResponse,
  },
} as const satisfies Record<string, Route>;
