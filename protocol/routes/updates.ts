/** Routes for agents that keep themselves up to date. */
import { z } from "zod";
import { id32 } from "../messages/fields.ts";
import type { Route } from "./route.ts";

export const updatesRoutes = {
  updateManifest: {
    method: "GET",
    path: "/v1/updates/manifest",
    audience: ["agent"],
    summary: "The newest signed update manifest (format §11)",
    bytes: "response",
  },
  updateFile: {
    method: "GET",
    path: "/v1/updates/files/{digest}",
    audience: ["agent"],
    summary: "A file that a manifest names by its SHA-256",
    params: z.strictObject({ digest: id32 }),
    bytes: "response",
  },
} as const satisfies Record<string, Route>;
