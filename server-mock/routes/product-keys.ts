/** Product keys at the console. */
import { actorOf } from "../domain/access/access.ts";
import type { Domain } from "../domain/domain.ts";
import { assignProductKeys, changeProductKey, sendProductKeys } from "../domain/product-keys/change-keys.ts";
import { freshKeysCsv, keyListCsv } from "../domain/product-keys/key-csv.ts";
import { orderProductKeys } from "../domain/product-keys/order-keys.ts";
import { listProductKeys, revokeProductKey } from "../domain/product-keys/product-keys.ts";
import { csvFile } from "./csv-answer.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const productKeyHandlers = (domain: Domain) =>
  ({
    listProductKeys: ({ caller, query }) => listProductKeys(domain, caller.scope, query),
    exportProductKeys: async ({ caller, query }) => csvFile("product-keys", keyListCsv(domain, caller.scope, query)),
    createProductKeys: async ({ caller, body, address }) => ({
      keys: await orderProductKeys(domain, caller, body, address),
    }),
    createProductKeysCsv: async ({ caller, body, address }) =>
      csvFile("new-product-keys", freshKeysCsv(domain, await orderProductKeys(domain, caller, body, address))),
    assignProductKeys: ({ caller, body, address }) => assignProductKeys(domain, caller, body, address),
    changeProductKey: ({ caller, params, body, ifMatch, address }) =>
      changeProductKey(domain, caller, { ...params, ...body, ifMatch }, address),
    revokeProductKey: async ({ caller, params, address }) => {
      await revokeProductKey(domain, params.key, { ...actorOf(caller, address), scope: caller.scope });
      return {};
    },
    sendProductKeys: ({ caller, params, address }) => sendProductKeys(domain, caller, params.user, address),
  }) satisfies Partial<ServiceHandlers>;
