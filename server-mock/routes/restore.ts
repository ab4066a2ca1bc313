/** Routes for restores: open one at the console, then read with its token. */

import { locate, openRestore, progressRestore, readPack, readSnapshot } from "../domain/backup/restores.ts";
import type { Domain } from "../domain/domain.ts";
import { parseByteRange } from "../http/byte-range.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const restoreHandlers = (domain: Domain) =>
  ({
    openRestore: ({ caller, params, body, address }) => openRestore(domain, caller, { ...params, ...body }, address),
    getSnapshot: async ({ caller, params }) => {
      const bytes = await readSnapshot(domain, caller, params.sequence);
      return { bytes, sizeBytes: bytes.length };
    },
    locate: ({ caller, body }) => locate(domain, caller, body.ids),
    getPack: async ({ caller, params, range, setStatus }) => {
      const pack = await readPack(domain, caller, params.pack);
      const { sizeBytes } = pack;
      const part = parseByteRange(range, sizeBytes);
      const whole = part ?? { start: 0, end: sizeBytes };
      if (part) setStatus(206);
      const headers = part
        ? { "content-range": `bytes ${part.start}-${part.end - 1}/${sizeBytes}` }
        : { "accept-ranges": "bytes" };
      return { bytes: (write) => pack.pour(whole, write), sizeBytes: whole.end - whole.start, headers };
    },
    progressRestore: async ({ caller, body }) => {
      await progressRestore(domain, caller, body);
      return {};
    },
  }) satisfies Partial<ServiceHandlers>;
