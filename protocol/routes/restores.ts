/** Routes of restores: one is opened at the console, then read with its token. */
import { z } from "zod";
import { empty, id16, id32 } from "../messages/fields.ts";
import * as restores from "../messages/restores.ts";
import type { Route } from "./route.ts";

const machineParams = z.strictObject({ machine: id16 });

export const restoresRoutes = {
  openRestore: {
    method: "POST",
    path: "/v1/machines/{machine}/restores",
    audience: ["console"],
    summary: "Open a restore session for a machine",
    params: machineParams,
    body: restores.openRestoreRequest,
    response: restores.openRestoreResponse,
  },
  getSnapshot: {
    method: "GET",
    path: "/v1/restore/snapshots/{sequence}",
    audience: ["restore"],
    summary: "A snapshot record's bytes",
    params: z.strictObject({ sequence: z.coerce.number().int().min(1) }),
    bytes: "response",
  },
  locate: {
    method: "POST",
    path: "/v1/restore/locate",
    audience: ["restore"],
    summary: "Where chunks lie",
    body: restores.locateRequest,
    response: restores.locateResponse,
    large: true,
  },
  getPack: {
    method: "GET",
    path: "/v1/restore/packs/{pack}",
    audience: ["restore"],
    summary: "Bytes of a pack; ranges",
    params: z.strictObject({ pack: id32 }),
    bytes: "response",
  },
  progressRestore: {
    method: "POST",
    path: "/v1/restore/progress",
    audience: ["restore"],
    summary: "Files and bytes retrieved; status",
    body: restores.restoreProgress,
    response: empty,
  },
} as const satisfies Record<string, Route>;
