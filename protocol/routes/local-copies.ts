/** Routes for machines that keep a local copy. */
import { empty } from "../messages/fields.ts";
import * as copies from "../messages/local-copies.ts";
import type { Route } from "./route.ts";

export const localCopiesRoutes = {
  addLocalBackup: {
    method: "POST",
    path: "/v1/local-backups",
    audience: ["agent"],
    summary: "A run to the local copy has ended: a backup record of type Local",
    body: copies.localBackup,
    response: empty,
    large: true,
  },
  ownWrap: {
    method: "GET",
    path: "/v1/machine/wrap",
    audience: ["agent"],
    summary: "The wrap of the own vault's secret, for the local copy",
    response: copies.ownWrap,
  },
} as const satisfies Record<string, Route>;
