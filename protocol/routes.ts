/**
 * Every route as data: method, path, audience, schemas (docs/protocol.md). The service registers from this table, the agent calls
 * from it, tests walk it.
 */
import { z } from "zod";
import * as accounts from "./messages/accounts.ts";
import { empty, id16, id32, listOf, listQuery, rowId } from "./messages/fields.ts";
import * as machines from "./messages/machines.ts";
import * as records from "./messages/records.ts";
import * as restores from "./messages/restores.ts";
import { health, serviceFacts } from "./messages/service.ts";
import * as sessions from "./messages/sessions.ts";

export type Audience = "none" | "agent" | "console" | "restore";

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{parameters}`. */
  readonly path: string;
  readonly audience: readonly Audience[];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** JSON unless `bytes` says that the body is an octet-stream. */
  readonly body?: z.ZodType;
  readonly response?: z.ZodType;
  readonly bytes?: "request" | "response";
  /** Needs more than the usual limit of a JSON body. */
  readonly large?: true;
}

const sessionParams = z.strictObject({ session: rowId });
const machineParams = z.strictObject({ machine: id16 });

export const ROUTES = {
  live: { method: "GET", path: "/health/live", audience: ["none"], response: health },
  ready: { method: "GET", path: "/health/ready", audience: ["none"], response: health },
  service: { method: "GET", path: "/v1/service", audience: ["none"], response: serviceFacts },

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
  login: {
    method: "POST",
    path: "/v1/login",
    audience: ["none"],
    body: accounts.loginRequest,
    response: accounts.loginResponse,
  },
  logout: { method: "POST", path: "/v1/logout", audience: ["console"], response: empty },

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

  openRestore: {
    method: "POST",
    path: "/v1/machines/{machine}/restores",
    audience: ["console"],
    params: machineParams,
    body: restores.openRestoreRequest,
    response: restores.openRestoreResponse,
  },
  getSnapshot: {
    method: "GET",
    path: "/v1/restore/snapshots/{sequence}",
    audience: ["restore"],
    params: z.strictObject({ sequence: z.coerce.number().int().min(1) }),
    bytes: "response",
  },
  locate: {
    method: "POST",
    path: "/v1/restore/locate",
    audience: ["restore"],
    body: restores.locateRequest,
    response: restores.locateResponse,
    large: true,
  },
  getPack: {
    method: "GET",
    path: "/v1/restore/packs/{pack}",
    audience: ["restore"],
    params: z.strictObject({ pack: id32 }),
    bytes: "response",
  },
  progressRestore: {
    method: "POST",
    path: "/v1/restore/progress",
    audience: ["restore"],
    body: restores.restoreProgress,
    response: empty,
  },

  listOrganizations: {
    method: "GET",
    path: "/v1/organizations",
    audience: ["console"],
    query: listQuery,
    response: listOf(accounts.organizationView),
  },
  createOrganization: {
    method: "POST",
    path: "/v1/organizations",
    audience: ["console"],
    body: accounts.organizationCreate,
    response: accounts.organizationView,
  },
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
  listMachines: {
    method: "GET",
    path: "/v1/machines",
    audience: ["console"],
    query: listQuery,
    response: listOf(machines.machineView),
  },
  getMachine: {
    method: "GET",
    path: "/v1/machines/{machine}",
    audience: ["console"],
    params: machineParams,
    response: machines.machineView,
  },
  changeMachine: {
    method: "PATCH",
    path: "/v1/machines/{machine}",
    audience: ["console"],
    params: machineParams,
    body: machines.machineChange,
    response: machines.machineView,
  },
  listBackups: {
    method: "GET",
    path: "/v1/machines/{machine}/backups",
    audience: ["console"],
    params: machineParams,
    query: listQuery,
    response: listOf(records.backupView),
  },
  listRestores: {
    method: "GET",
    path: "/v1/machines/{machine}/restores",
    audience: ["console"],
    params: machineParams,
    query: listQuery,
    response: listOf(records.restoreView),
  },
  listMachineSnapshots: {
    method: "GET",
    path: "/v1/machines/{machine}/snapshots",
    audience: ["console"],
    params: machineParams,
    query: listQuery,
    response: listOf(records.snapshotView),
  },
  listProductKeys: {
    method: "GET",
    path: "/v1/product-keys",
    audience: ["console"],
    query: listQuery,
    response: listOf(accounts.productKeyView),
  },
  createProductKeys: {
    method: "POST",
    path: "/v1/product-keys",
    audience: ["console"],
    body: accounts.productKeyCreate,
    response: accounts.productKeysCreated,
  },
  revokeProductKey: {
    method: "DELETE",
    path: "/v1/product-keys/{key}",
    audience: ["console"],
    params: z.strictObject({ key: rowId }),
    response: empty,
  },
  listAudit: {
    method: "GET",
    path: "/v1/audit",
    audience: ["console"],
    query: listQuery,
    response: listOf(records.auditView),
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
