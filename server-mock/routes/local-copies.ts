/** Routes for machines that keep a local copy. */
import { addLocalBackup, ownWrap } from "../domain/backup/local-backups.ts";
import type { Domain } from "../domain/domain.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const localCopiesHandlers = (domain: Domain) =>
  ({
    addLocalBackup: async ({ caller, body }) => {
      await addLocalBackup(domain, caller, body);
      return {};
    },
    ownWrap: ({ caller }) => ownWrap(domain, caller),
  }) satisfies Partial<ServiceHandlers>;
