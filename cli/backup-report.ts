/** A backup's progress and its end, in words. */
import type { BackupProgress, BackupReport } from "../agent/index.ts";
import type { Context } from "./context.ts";
import { EXIT_DONE, EXIT_INCOMPLETE } from "./exit.ts";
import { shown } from "./names.ts";
import type { ProgressState } from "./progress.ts";
import { reportProblems } from "./report.ts";
import { facts } from "./table.ts";
import { counted, duration, moment, size } from "./units.ts";

export function backupProgress(now: BackupProgress): ProgressState {
  const { phase, filesDone, bytesDone, bytesSent, totalFiles, totalBytes, currentPath } = now;
  return {
    phase,
    files: filesDone,
    bytes: bytesDone,
    bytesMoved: bytesSent,
    totalFiles,
    totalBytes: totalBytes || undefined,
    current: currentPath,
  };
}

/** What was named as changed and is not in the backup, and whether all of it was looked at nevertheless. */
export function tellSkipped({ terminal }: Context, { isPartial, skipped = [] }: BackupReport, isAsked: boolean): void {
  for (const { path, reason } of skipped)
    terminal.note(
      reason === "outside"
        ? `${shown(path)} is not below any folder of this backup: skipped`
        : `${shown(path)} is left out by a rule: skipped`,
    );
  if (isAsked && isPartial === false)
    terminal.note("The last backup can't be gone on from: everything was looked at, not only what was named");
}

/** Gives the exit code. */
export function tellBackup(context: Context, report: BackupReport): number {
  const { terminal } = context;
  if (terminal.manner.json) terminal.json(report);
  else {
    terminal.line(headline(context, report));
    terminal.lines(facts(rows(context, report)));
    tellFlags(context, report);
    reportProblems(terminal, report.problems, report.problemCount);
  }
  return exitOf(report);
}

/** It may be meant; whoever did it knows. */
function tellFlags({ terminal }: Context, { flags = [] }: BackupReport): void {
  if (flags.length === 0) return;
  terminal.line(terminal.style("yellow", `Careful: ${flags.map(({ says }) => says).join(" ")}`));
  terminal.line("  If this was not you, restore from an older snapshot: none expires until an admin has looked.");
}

export const exitOf = ({ result }: BackupReport): number => (result === "success" ? EXIT_DONE : EXIT_INCOMPLETE);

export function headline({ terminal }: Context, { snapshot, result, code, problemCount }: BackupReport): string {
  if (snapshot === undefined) return terminal.style("bold", "Dry run: nothing was sent or remembered.");
  return result === "success"
    ? terminal.style("green", `Snapshot #${snapshot} is complete.`)
    : terminal.style("yellow", `Snapshot #${snapshot} is incomplete (${code ?? counted(problemCount, "problem")}).`);
}

/** The agent, where it made the backup, does not say when the service had it. */
const receivedRow = (receivedAt: string | undefined, timeZone: string): [string, string][] =>
  receivedAt === undefined ? [] : [["  received", moment(receivedAt, timeZone)]];

function rows({ timeZone }: Context, report: BackupReport): [string, string][] {
  const { snapshot, counters, durationMs, receivedAt } = report;
  const amount = (files: number, bytes: number) => `${counted(files, "file")}, ${size(bytes)}`;
  const selected: [string, string] = ["  selected", amount(counters.files, counters.bytes)];
  if (snapshot === undefined) return [selected, ["  took", duration(durationMs)]];
  return [
    selected,
    ["  encoded", amount(counters.filesEncoded, counters.bytesEncoded)],
    ["  sent", amount(counters.filesTransferred, counters.bytesTransferred)],
    ["  took", duration(durationMs)],
    ...receivedRow(receivedAt, timeZone),
  ];
}
