/** Routes for machines: registration, backups, their own records. */
import { z } from "zod";
import { empty, id32, listOf, listQuery, rowId } from "../messages/fields.ts";
import { heartbeatAnswer, heartbeatRequest } from "../messages/heartbeat.ts";
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
    summary: "Make or find this machine; gives its token",
    body: machines.registerRequest,
    response: machines.registerResponse,
  },
  recover: {
    method: "POST",
    path: "/v1/machines/recover",
    audience: ["console"],
    self: true,
    stepUp: true,
    goodFor: ["restore"],
    summary: "The same machine again after its keys were lost",
    body: machines.recoverRequest,
    response: machines.registerResponse,
  },
  ownMachine: {
    method: "GET",
    path: "/v1/machine",
    audience: ["agent"],
    summary: "Own machine, quota, last update",
    response: machines.machineView,
  },
  heartbeat: {
    method: "POST",
    path: "/v1/machine/heartbeat",
    audience: ["agent"],
    summary: "Say how the agent is; hear whether there is something for it",
    body: heartbeatRequest,
    response: heartbeatAnswer,
  },
  openSession: {
    method: "POST",
    path: "/v1/sessions",
    audience: ["agent"],
    summary: "Open a backup session",
    body: sessions.openRequest,
    response: sessions.openResponse,
  },
  listChunks: {
    method: "GET",
    path: "/v1/sessions/{session}/chunks",
    audience: ["agent"],
    summary: "Chunk ids that the service holds, 32 bytes each",
    params: sessionParams,
    query: z.strictObject({ scope: z.enum(["staged", "all"]), after: z.string().max(200).optional() }),
    bytes: "response",
  },
  putPack: {
    method: "PUT",
    path: "/v1/sessions/{session}/packs/{pack}",
    audience: ["agent"],
    summary: "Upload a pack",
    params: sessionParams.extend({ pack: id32 }),
    bytes: "request",
    response: sessions.packResponse,
  },
  progressSession: {
    method: "POST",
    path: "/v1/sessions/{session}/progress",
    audience: ["agent"],
    summary: "Live counters; renews the lease",
    params: sessionParams,
    body: sessions.progressRequest,
    response: sessions.progressResponse,
  },
  commitSession: {
    method: "POST",
    path: "/v1/sessions/{session}/commit",
    audience: ["agent"],
    summary: "Commit the snapshot record; gives the receipt",
    params: sessionParams,
    body: sessions.commitRequest,
    response: sessions.commitResponse,
    large: true,
  },
  endSession: {
    method: "POST",
    path: "/v1/sessions/{session}/end",
    audience: ["agent"],
    summary: "The run ended without a snapshot",
    params: sessionParams,
    body: sessions.endRequest,
    response: empty,
    large: true,
  },
  listSnapshots: {
    method: "GET",
    path: "/v1/snapshots",
    audience: ["agent", "restore"],
    summary: "Snapshots of the vault, newest first",
    query: records.snapshotsQuery,
    response: listOf(records.snapshotView),
  },
  listOwnBackups: {
    method: "GET",
    path: "/v1/backups",
    audience: ["agent"],
    summary: "Own backup records, newest first",
    query: listQuery,
    response: listOf(records.backupView),
  },
  listOwnRestores: {
    method: "GET",
    path: "/v1/restores",
    audience: ["agent"],
    summary: "Own restore records, newest first",
    query: listQuery,
    response: listOf(records.restoreView),
  },
} as const satisfies Record<string, Route>;
