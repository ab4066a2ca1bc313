/** Routes for people: organizations, users, machines, product keys, audit. */
import { getMachine } from "../domain/access/access.ts";
import { listBackups, listRestores, listSnapshots } from "../domain/backup/history.ts";
import type { Domain } from "../domain/domain.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const consoleHandlers = (domain: Domain) =>
  ({
    listBackups: async ({ caller, params, query }) => {
      const { machine } = await getMachine(domain.records, caller, params.machine);
      return await listBackups(domain, machine.id, query);
    },
    listRestores: async ({ caller, params, query }) => {
      const { machine } = await getMachine(domain.records, caller, params.machine);
      return await listRestores(domain, machine.id, query);
    },
    listMachineSnapshots: async ({ caller, params, query }) => {
      const { vault } = await getMachine(domain.records, caller, params.machine);
      return await listSnapshots(domain, vault.number, query);
    },
  }) satisfies Partial<ServiceHandlers>;
