/** Product keys. */
import { z } from "zod";
import { empty, listOf, listQuery, rowId } from "../messages/fields.ts";
import * as productKeys from "../messages/product-keys.ts";
import type { Route } from "./route.ts";

export const productKeysRoutes = {
  listProductKeys: {
    method: "GET",
    path: "/v1/product-keys",
    audience: ["console"],
    needs: "keys.view",
    summary: "Product keys",
    query: listQuery,
    response: listOf(productKeys.productKeyView),
  },
  createProductKeys: {
    method: "POST",
    path: "/v1/product-keys",
    audience: ["console"],
    needs: "keys.create",
    summary: "Make product keys",
    body: productKeys.productKeyCreate,
    response: productKeys.productKeysCreated,
  },
  revokeProductKey: {
    method: "DELETE",
    path: "/v1/product-keys/{key}",
    audience: ["console"],
    needs: "keys.delete",
    summary: "Revoke a product key",
    params: z.strictObject({ key: rowId }),
    response: empty,
  },
} as const satisfies Record<string, Route>;
