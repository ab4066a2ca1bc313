/** Routes for restores: open one at the console, then read with its token. */
import type { Domain } from "../domain/domain.ts";
import { locate, openRestore, progressRestore, readPack, readSnapshot } from "../domain/restores.ts";
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
      const part = parseByteRange(range, pack.sizeBytes);
      if (part === undefined)
        return { bytes: await pack.read(), sizeBytes: pack.sizeBytes, headers: { "accept-ranges": "bytes" } };
      setStatus(206);
      const headers = { "content-range": `bytes ${part.start}-${part.end - 1}/${pack.sizeBytes}` };
      return { bytes: await pack.read(part), sizeBytes: part.end - part.start, headers };
    },
    progressRestore: async ({ caller, body }) => {
      await progressRestore(domain, caller, body);
      return {};
    },
  }) satisfies Partial<ServiceHandlers>;
