/** Rows of record lists as the messages show them. */
import type { z } from "zod";
import type { listedBackup, listedRestore } from "../../../protocol/messages/records.ts";
import type { Listed } from "../../records/record-lists.ts";
import type { BackupRow, RestoreRow } from "../../records/rows.ts";
import { viewBackup, viewRestore } from "../views.ts";

export type ListedBackup = z.infer<typeof listedBackup>;
export type ListedRestore = z.infer<typeof listedRestore>;

export function viewListedBackup(row: Listed<BackupRow>): ListedBackup {
  const { problems: _, ...view } = viewBackup({ ...row, problems: "[]" });
  const duration = row.endedAt === null ? null : row.endedAt - row.startedAt;
  return { ...view, machineName: row.machineName, user: row.userLogin, duration };
}

export const viewListedRestore = (row: Listed<RestoreRow>): ListedRestore => ({
  ...viewRestore(row),
  machineName: row.machineName,
  user: row.userLogin,
});
