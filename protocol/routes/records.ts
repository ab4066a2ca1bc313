/** Backup records, restore records and audit rows, over all that somebody may see. */
import { z } from "zod";
import { listOf, listQuery, rowId } from "../messages/fields.ts";
import * as records from "../messages/records.ts";
import { problem } from "../messages/sessions.ts";
import type { Route } from "./route.ts";

const backupParams = z.strictObject({ backup: rowId });

export const recordsRoutes = {
  searchBackups: {
    method: "GET",
    path: "/v1/records/backups",
    audience: ["console"],
    summary: "Backup records, also of runs that are going on, filtered and sorted",
    query: records.backupQuery,
    response: listOf(records.listedBackup),
  },
  exportBackups: {
    method: "GET",
    path: "/v1/records/backups.csv",
    audience: ["console"],
    summary: "The same as CSV",
    query: records.backupQuery.omit({ limit: true, cursor: true }),
    bytes: "response",
    media: "text/csv",
  },
  getBackup: {
    method: "GET",
    path: "/v1/records/backups/{backup}",
    audience: ["console"],
    summary: "One backup record; while it runs its numbers grow",
    params: backupParams,
    response: records.backupView.omit({ problems: true }),
  },
  listProblems: {
    method: "GET",
    path: "/v1/records/backups/{backup}/problems",
    audience: ["console"],
    summary: "The files that had trouble, with code and sentence",
    params: backupParams,
    query: listQuery,
    response: listOf(problem),
  },
  searchRestores: {
    method: "GET",
    path: "/v1/records/restores",
    audience: ["console"],
    summary: "Restore records, filtered and sorted",
    query: records.restoreQuery,
    response: listOf(records.listedRestore),
  },
  exportRestores: {
    method: "GET",
    path: "/v1/records/restores.csv",
    audience: ["console"],
    summary: "The same as CSV",
    query: records.restoreQuery.omit({ limit: true, cursor: true }),
    bytes: "response",
    media: "text/csv",
  },
} as const satisfies Record<string, Route>;
