/** Routes for the two great lists, as pages and as files. */
import type { Domain } from "../domain/domain.ts";
import { exportMachines, listMachines } from "../domain/lists/machine-list.ts";
import { exportUsers, listUsers } from "../domain/lists/user-list.ts";
import { importUsers } from "../domain/people/user-import.ts";
import { csvAnswer } from "./csv-answer.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const listsHandlers = (domain: Domain) =>
  ({
    listUsers: ({ caller, query }) => listUsers(domain, caller, query),
    exportUsers: async ({ caller, query }) => {
      const { columns, pages } = await exportUsers(domain, caller, query);
      return csvAnswer(`users-${today(domain)}`, columns, pages);
    },
    importUsers: ({ caller, query, upload, address }) => importUsers(domain, caller, { ...query, ...upload }, address),
    listMachines: ({ caller, query }) => listMachines(domain, caller, query),
    exportMachines: async ({ caller, query }) => {
      const { columns, pages } = await exportMachines(domain, caller, query);
      return csvAnswer(`machines-${today(domain)}`, columns, pages);
    },
  }) satisfies Partial<ServiceHandlers>;

const today = ({ clock }: Domain): string => new Date(clock.now()).toISOString().slice(0, 10);
