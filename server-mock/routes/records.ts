/** Routes for records over all machines: lists, one record, its problems, and CSV. */
import type { Domain } from "../domain/domain.ts";
import { AUDIT_COLUMNS, BACKUP_COLUMNS, RESTORE_COLUMNS } from "../domain/records/record-columns.ts";
import {
  auditPages,
  backupPages,
  findBackup,
  listProblems,
  restorePages,
  searchAudit,
  searchBackups,
  searchRestores,
} from "../domain/records/records.ts";
import { csvAnswer } from "./csv-answer.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const recordHandlers = (domain: Domain) =>
  ({
    searchBackups: ({ caller, query }) => searchBackups(domain, caller, query),
    exportBackups: async ({ caller, query }) =>
      csvAnswer("backups", BACKUP_COLUMNS, await backupPages(domain, caller, query)),
    getBackup: ({ caller, params }) => findBackup(domain, caller, params.backup),
    listProblems: ({ caller, params, query }) => listProblems(domain, caller, params.backup, query),
    searchRestores: ({ caller, query }) => searchRestores(domain, caller, query),
    exportRestores: async ({ caller, query }) =>
      csvAnswer("restores", RESTORE_COLUMNS, await restorePages(domain, caller, query)),
    listAudit: ({ caller, query }) => searchAudit(domain, caller, query),
    exportAudit: async ({ caller, query }) =>
      csvAnswer("audit", AUDIT_COLUMNS, await auditPages(domain, caller, query)),
  }) satisfies Partial<ServiceHandlers>;
