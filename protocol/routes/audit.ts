/** Who did what. */

import { listOf } from "../messages/fields.ts";
import * as records from "../messages/records.ts";
import type { Route } from "./route.ts";

export const auditRoutes = {
  listAudit: {
    method: "GET",
    path: "/v1/audit",
    audience: ["console"],
    needs: "audit.view",
    summary: "Who did what",
    query: records.auditQuery,
    response: listOf(records.auditView),
  },
  exportAudit: {
    method: "GET",
    path: "/v1/audit.csv",
    audience: ["console"],
    needs: "audit.view",
    summary: "The same as CSV",
    query: records.auditQuery.omit({ limit: true, cursor: true }),
    bytes: "response",
    media: "text/csv",
  },
} as const satisfies Record<string, Route>;
