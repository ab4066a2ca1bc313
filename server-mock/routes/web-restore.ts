/** Restores in the browser, and orders for machines. */

import type { Domain } from "../domain/domain.ts";
import { cancelArchive, linkArchive } from "../domain/restores/archives.ts";
import { cancelOrder, listOrders, listOwnOrders, orderRestore, refuseOrder } from "../domain/restores/orders.ts";
import { noteOrder, progressOrder } from "../domain/restores/run-orders.ts";
import { openWebRestore } from "../domain/restores/web-sessions.ts";
import { parseByteRange } from "../http/byte-range.ts";
import type { WebRestores } from "../web-restore/web-restores.ts";
import type { ServiceHandlers } from "./handlers.ts";

/** `open`: the part that reads vaults, loaded when somebody asks for it. */
export const webRestoreHandlers = (domain: Domain, open: () => Promise<WebRestores>) =>
  ({
    openWebRestore: ({ caller, params, body, address }) =>
      openWebRestore(domain, caller, { ...params, ...body }, address),
    closeWebRestore: async ({ caller, params }) => {
      await (await open()).close(caller, params.webRestore);
      return {};
    },
    listEntries: async ({ caller, params, body, signal }) =>
      (await open()).entries(caller, { ...params, ...body }, signal),
    searchEntries: async ({ caller, params, body, signal }) =>
      (await open()).search(caller, { ...params, ...body }, signal),
    listVersions: async ({ caller, params, body, signal }) =>
      (await open()).versions(caller, { ...params, ...body }, signal),
    sizeFolder: async ({ caller, params, body, signal }) =>
      (await open()).sizes(caller, { ...params, ...body }, signal),
    readFile: async ({ caller, params, query, range: asked, setStatus }) => {
      const file = await (await open()).file(caller, { ...params, ...query }, (sizeBytes) =>
        parseByteRange(asked, sizeBytes),
      );
      const { sizeBytes, wholeBytes, headers, pieces, range } = file;
      if (range) setStatus(206);
      const span = range ? { "content-range": `bytes ${range.start}-${range.end - 1}/${wholeBytes}` } : {};
      const bytes = async (write: (piece: Uint8Array) => Promise<void>) => {
        for await (const piece of pieces) await write(piece);
      };
      return { bytes: sizeBytes === 0 ? Buffer.alloc(0) : bytes, sizeBytes, headers: { ...headers, ...span } };
    },
    createArchive: async ({ caller, params, body, address }) =>
      (await open()).createArchive(caller, { ...params, ...body }, address),
    getArchive: async ({ caller, params }) => (await open()).archive(caller, params.archive),
    linkArchive: ({ caller, params, address }) => linkArchive(domain, caller, params.archive, address),
    cancelArchive: async ({ caller, params, address }) => {
      await cancelArchive(domain, caller, params.archive, address);
      return {};
    },
    download: async ({ params, address, signal }) => {
      const { headers, pour } = await (await open()).download(params.link, address, signal);
      return { bytes: pour, headers };
    },
    orderRestore: ({ caller, params, body, address }) => orderRestore(domain, caller, { ...params, ...body }, address),
    listRestoreOrders: ({ caller, params, query }) => listOrders(domain, caller, { ...params, ...query }),
    cancelRestoreOrder: async ({ caller, params, address }) => {
      await cancelOrder(domain, caller, params.order, address);
      return {};
    },
    listOwnRestoreOrders: ({ caller, query }) => listOwnOrders(domain, caller, query),
    refuseRestoreOrder: async ({ caller, params, address }) => {
      await refuseOrder(domain, caller, params.order, address);
      return {};
    },
    noteRestoreOrder: async ({ caller, params, body }) => {
      await noteOrder(domain, caller, { ...params, ...body });
      return {};
    },
    takeOrderedFiles: async ({ caller, params, address, signal }) => ({
      bytes: await (await open()).orderedFiles(caller, { ...params, address }, signal),
    }),
    progressRestoreOrder: async ({ caller, params, body }) => {
      await progressOrder(domain, caller, params.order, body);
      return {};
    },
  }) satisfies Partial<ServiceHandlers>;
