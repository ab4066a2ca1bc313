/** Who did what. */

import { listOf, listQuery } from "../messages/fields.ts";
import * as records from "../messages/records.ts";
import type { Route } from "./route.ts";

export const auditRoutes = {
  listAudit: {
    method: "GET",
    path: "/v1/audit",
    audience: ["console"],
    needs: "audit.view",
    summary: "Who did what",
    query: listQuery,
    response: listOf(records.auditView),
  },
} as const satisfies Record<string, Route>;
