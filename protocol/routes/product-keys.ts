/** Product keys. */
import { z } from "zod";
import { empty, listOf, rowId } from "../messages/fields.ts";
import * as productKeys from "../messages/product-keys.ts";
import type { Route } from "./route.ts";

const params = z.strictObject({ key: rowId });

export const productKeysRoutes = {
  listProductKeys: {
    method: "GET",
    path: "/v1/product-keys",
    audience: ["console"],
    needs: "keys.view",
    summary: "Product keys, unactivated ones first",
    query: productKeys.productKeyQuery,
    response: listOf(productKeys.productKeyView),
  },
  exportProductKeys: {
    method: "GET",
    path: "/v1/product-keys.csv",
    audience: ["console"],
    needs: "keys.view",
    summary: "The same list as CSV; of each key the last group",
    query: productKeys.productKeyExport,
    bytes: "response",
    media: "text/csv; charset=utf-8",
  },
  createProductKeys: {
    method: "POST",
    path: "/v1/product-keys",
    audience: ["console"],
    needs: "keys.create",
    summary: "Make product keys; shown in this answer only",
    body: productKeys.productKeyCreate,
    response: productKeys.productKeysCreated,
  },
  createProductKeysCsv: {
    method: "POST",
    path: "/v1/product-keys.csv",
    audience: ["console"],
    needs: "keys.create",
    summary: "Make product keys; the answer is CSV, and the only place where they are seen",
    body: productKeys.productKeyCreate,
    bytes: "response",
    media: "text/csv; charset=utf-8",
  },
  assignProductKeys: {
    method: "POST",
    path: "/v1/product-keys/assign",
    audience: ["console"],
    needs: "keys.create",
    summary: "Give unactivated keys to a user, or take them back",
    body: productKeys.productKeysAssign,
    response: productKeys.productKeysAssigned,
  },
  changeProductKey: {
    method: "PATCH",
    path: "/v1/product-keys/{key}",
    audience: ["console"],
    needs: "keys.create",
    summary: "Assign, suspend or resume a key",
    etag: true,
    params,
    body: productKeys.productKeyChange,
    response: productKeys.productKeyView,
  },
  revokeProductKey: {
    method: "DELETE",
    path: "/v1/product-keys/{key}",
    audience: ["console"],
    needs: "keys.delete",
    summary: "Revoke a product key",
    params,
    response: empty,
  },
  sendProductKeys: {
    method: "POST",
    path: "/v1/users/{user}/product-keys/send",
    audience: ["console"],
    needs: "keys.create",
    summary: "Send Keys: the user's unused keys are made anew and mailed",
    params: z.strictObject({ user: rowId }),
    response: productKeys.productKeysSent,
  },
} as const satisfies Record<string, Route>;
