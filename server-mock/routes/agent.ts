/** Routes for machines: their backups, and what they may read of themselves. */
import { listChunkIds } from "../domain/backup/chunk-ids.ts";
import { commit } from "../domain/backup/commit.ts";
import { listBackups, listRestores, listSnapshots } from "../domain/backup/history.ts";
import { putPack } from "../domain/backup/packs.ts";
import { endSession, openSession, progress } from "../domain/backup/sessions.ts";
import type { Domain } from "../domain/domain.ts";
import { heartbeat } from "../domain/machines/heartbeats.ts";
import { viewMachine } from "../domain/views.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const agentHandlers = (domain: Domain) =>
  ({
    ownMachine: ({ caller }) => viewMachine(domain.records, caller.machine),
    heartbeat: ({ caller, body }) => heartbeat(domain, caller, body),
    openSession: ({ caller, body }) => openSession(domain, caller, body),
    listChunks: async ({ caller, params, query }) => {
      const { ids, next } = await listChunkIds(domain, caller, { ...params, ...query });
      return { bytes: ids, sizeBytes: ids.length, headers: next === undefined ? {} : { "holdfast-next": next } };
    },
    putPack: async ({ caller, params, upload, setStatus }) => {
      const stored = await putPack(domain, caller, { ...params, ...upload });
      setStatus(stored.known ? 200 : 201);
      return stored;
    },
    progressSession: ({ caller, params, body }) => progress(domain, caller, { ...params, ...body }),
    commitSession: ({ caller, params, body }) => commit(domain, caller, { ...params, ...body }),
    endSession: async ({ caller, params, body }) => {
      await endSession(domain, caller, { ...params, ...body });
      return {};
    },
    listSnapshots: ({ caller, query }) => listSnapshots(domain, caller.vault.number, query),
    listOwnBackups: ({ caller, query }) => listBackups(domain, caller.machine.id, query),
    listOwnRestores: ({ caller, query }) => listRestores(domain, caller.machine.id, query),
  }) satisfies Partial<ServiceHandlers>;
