/** Machines at the console. */
import type { Domain } from "../domain/domain.ts";
import { changeMachine, deleteMachine, findMachine, undeleteMachine } from "../domain/machines/machines.ts";
import { moveMachines, movesCsv } from "../domain/machines/move-file.ts";
import { moveMachine } from "../domain/machines/move-machines.ts";
import { purgeMachine } from "../domain/machines/purge-machines.ts";
import { createReplacement, openReplacement, useReplacement } from "../domain/machines/replace-machines.ts";
import { listRunDays } from "../domain/records/run-days.ts";
import { machineHistory } from "../domain/usage/storage-history.ts";
import { csvFile } from "./csv-answer.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const machineHandlers = (domain: Domain) =>
  ({
    getMachine: ({ caller, params }) => findMachine(domain, caller, params.machine),
    changeMachine: ({ caller, params, body, ifMatch, address }) =>
      changeMachine(domain, caller, { ...params, ...body, ifMatch }, address),
    machineStorage: ({ caller, params, query }) => machineHistory(domain, caller, { ...params, ...query }),
    machineDays: ({ caller, params, query }) => listRunDays(domain, caller, { ...params, ...query }),
    deleteMachine: ({ caller, params, ifMatch, address }) =>
      deleteMachine(domain, caller, { ...params, ifMatch }, address),
    undeleteMachine: ({ caller, params, ifMatch, address }) =>
      undeleteMachine(domain, caller, { ...params, ifMatch }, address),
    purgeMachine: async ({ caller, params, body, address }) => {
      await purgeMachine(domain, caller, { ...params, ...body }, address);
      return {};
    },
    moveMachine: ({ caller, params, body, ifMatch, address }) =>
      moveMachine(domain, caller, { ...params, ...body, ifMatch }, address),
    moveMachines: ({ caller, query, upload, address }) =>
      moveMachines(domain, caller, { ...upload, ...query }, address),
    exportMachineMoves: async ({ caller }) => csvFile("machine-mapping", movesCsv(domain, caller.scope)),
    createReplacement: ({ caller, params, address }) => createReplacement(domain, caller, params.machine, address),
    openReplacement: ({ body, address }) => openReplacement(domain, body.code, address),
    useReplacement: ({ body, address }) => useReplacement(domain, body, address),
  }) satisfies Partial<ServiceHandlers>;
