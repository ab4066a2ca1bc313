/** Texts of records whose wording is a rule: the same on the screen and in files. */
import type { BackupRow } from "../../records/rows.ts";

export const IN_PROGRESS = "In Progress";

export const shownType = ({ type }: Pick<BackupRow, "type">): string => `${type} Backup`;

/** `Success`, or the code with its sentence. */
export function shownResult({ result, message }: Pick<BackupRow, "result" | "message">): string {
  if (result === null) return IN_PROGRESS;
  return message === null || message === "" ? result : `${result}: ${message}`;
}
