/** Product keys. */
import { z } from "zod";
import * as accounts from "../messages/accounts.ts";
import { empty, listOf, listQuery, rowId } from "../messages/fields.ts";
import type { Route } from "./route.ts";

export const productKeysRoutes = {
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
} as const satisfies Record<string, Route>;
