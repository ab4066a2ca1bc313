/** Routes for machines: registration, backups, their own records. */
import { z } from "zod";
import { empty, id32, listOf, listQuery, rowId } from "../messages/fields.ts";
import * as machines from "../messages/machines.ts";
import * as records from "../messages/records.ts";
import * as sessions from "../messages/sessions.ts";
import type { Route } from "./route.ts";

const sessionParams = z.strictObject({ session: rowId });

export const agentsRoutes = {
  register: {
    method: "POST",
    path: "/v1/machines/register",
    audience: ["none"],
    body: machines.registerRequest,
    response: machines.registerResponse,
  },
  recover: {
    method: "POST",
    path: "/v1/machines/recover",
    audience: ["console"],
    body: machines.recoverRequest,
    response: machines.registerResponse,
  },
  ownMachine: { method: "GET", path: "/v1/machine", audience: ["agent"], response: machines.machineView },
  openSession: {
    method: "POST",
    path: "/v1/sessions",
    audience: ["agent"],
    body: sessions.openRequest,
    response: sessions.openResponse,
  },
  listChunks: {
    method: "GET",
    path: "/v1/sessions/{session}/chunks",
    audience: ["agent"],
    params: sessionParams,
    query: z.strictObject({ scope: z.enum(["staged", "all"]), after: z.string().max(200).optional() }),
    bytes: "response",
  },
  putPack: {
    method: "PUT",
    path: "/v1/sessions/{session}/packs/{pack}",
    audience: ["agent"],
    params: sessionParams.extend({ pack: id32 }),
    bytes: "request",
    response: sessions.packResponse,
  },
  progressSession: {
    method: "POST",
    path: "/v1/sessions/{session}/progress",
    audience: ["agent"],
    params: sessionParams,
    body: sessions.progressRequest,
    response: sessions.progressResponse,
  },
  commitSession: {
    method: "POST",
    path: "/v1/sessions/{session}/commit",
    audience: ["agent"],
    params: sessionParams,
    body: sessions.commitRequest,
    response: sessions.commitResponse,
    large: true,
  },
  endSession: {
    method: "POST",
    path: "/v1/sessions/{session}/end",
    audience: ["agent"],
    params: sessionParams,
    body: sessions.endRequest,
    response: empty,
    large: true,
  },
  listSnapshots: {
    method: "GET",
    path: "/v1/snapshots",
    audience: ["agent", "restore"],
    query: listQuery,
    response: listOf(records.snapshotView),
  },
  listOwnBackups: {
    method: "GET",
    path: "/v1/backups",
    audience: ["agent"],
    query: listQuery,
    response: listOf(records.backupView),
  },
  listOwnRestores: {
    method: "GET",
    path: "/v1/restores",
    audience: ["agent"],
    query: listQuery,
    response: listOf(records.restoreView),
  },
} as const satisfies Record<string, Route>;
