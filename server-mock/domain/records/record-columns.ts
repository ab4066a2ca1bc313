/** Columns of the exported record lists: what stands above them, and what a row has there. */
import { RESTORE_STATUS_TEXTS } from "../../../protocol/restore-status.ts";
import type { Listed } from "../../records/record-lists.ts";
import type { AuditRow, BackupRow, RestoreRow } from "../../records/rows.ts";
import { instant } from "../views.ts";
import { IN_PROGRESS, shownType } from "./shown.ts";

/** Heading → cell. */
export type Columns<Row> = readonly (readonly [heading: string, cell: (row: Row) => string])[];

const when = (ms: number | null): string => (ms === null ? "" : instant(ms));

export const BACKUP_COLUMNS: Columns<Listed<BackupRow>> = [
  ["Machine", (row) => row.machineName],
  ["User", (row) => row.userLogin],
  ["Start Time", (row) => when(row.startedAt)],
  ["Type", shownType],
  ["Duration (s)", (row) => (row.endedAt === null ? "" : String(Math.round((row.endedAt - row.startedAt) / 1000)))],
  ["Result", (row) => row.result ?? IN_PROGRESS],
  ["Message", (row) => row.message ?? ""],
  ["Files", (row) => String(row.files)],
  ["Size", (row) => String(row.bytes)],
  ["Files Encoded", (row) => String(row.filesEncoded)],
  ["Size Encoded", (row) => String(row.bytesEncoded)],
  ["Files Transferred", (row) => String(row.filesTransferred)],
  ["Size Transferred", (row) => String(row.bytesTransferred)],
  ["Problems", (row) => String(row.problemCount)],
];

export const RESTORE_COLUMNS: Columns<Listed<RestoreRow>> = [
  ["ID", (row) => row.id],
  ["Machine", (row) => row.machineName],
  ["User", (row) => row.userLogin],
  ["Date/Time Requested", (row) => when(row.requestedAt)],
  ["Date/Time Finished", (row) => when(row.finishedAt)],
  ["Requested By", (row) => row.requestedBy],
  ["Source", (row) => row.source],
  ["Files Retrieved", (row) => `${row.filesRetrieved} / ${row.filesRequested ?? "?"}`],
  ["Size", (row) => String(row.bytes)],
  ["Status", (row) => RESTORE_STATUS_TEXTS[row.status]],
  ["Code", (row) => row.code ?? ""],
];

export const AUDIT_COLUMNS: Columns<AuditRow> = [
  ["ID", (row) => String(row.id)],
  ["Time", (row) => when(row.at)],
  ["Who", (row) => row.actor],
  ["Action", (row) => row.action],
  ["Subject", (row) => row.subject],
  ["Detail", (row) => row.detail],
  ["Address", (row) => row.address ?? ""],
];
