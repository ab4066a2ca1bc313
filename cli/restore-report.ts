/** A restore's progress, plan and end, in words. */
import { join, resolve } from "node:path";
import type { RestorePlan, RestoreProgress, RestoreReport } from "../agent/index.ts";
import type { Context } from "./context.ts";
import { EXIT_DONE, EXIT_INCOMPLETE } from "./exit.ts";
import { shown } from "./names.ts";
import type { ProgressState } from "./progress.ts";
import { reportProblems } from "./report.ts";
import { facts } from "./table.ts";
import { count, counted, duration, size } from "./units.ts";

export const restoreProgress = (now: RestoreProgress): ProgressState => ({
  phase: "restoring",
  files: now.files,
  bytes: now.bytes,
  totalFiles: now.totalFiles,
  totalBytes: now.totalBytes,
  current: now.currentPath,
});

/** Gives the exit code. `say` is where people read: stderr when stdout is the archive. */
export function tellRestore(
  context: Context,
  report: RestoreReport,
  place: string,
  say: (line: string) => void,
): number {
  const { terminal } = context;
  const { filesRetrieved, filesRequested, bytes, folders, others, kept, bytesFetched, durationMs } = report;
  const isWhole = report.result === "completed";
  const files = isWhole
    ? counted(filesRetrieved, "file")
    : `${count(filesRetrieved)} of ${counted(filesRequested, "file")}`;
  say(terminal.style(isWhole ? "green" : "yellow", `Restored ${files}, ${size(bytes)}.`));
  const rows: [string, string][] = [
    ["  to", shown(place)],
    ["  folders", count(folders)],
    ["  links and others", others > 0 ? count(others) : ""],
    ["  left as they were", kept > 0 ? count(kept) : ""],
    ["  fetched", size(bytesFetched)],
    ["  took", duration(durationMs)],
  ];
  for (const line of facts(rows.filter(([, value]) => value !== ""))) say(line);
  reportProblems(terminal, report.problems, report.problemCount);
  return isWhole ? EXIT_DONE : EXIT_INCOMPLETE;
}

/** Gives the exit code. */
export function tellPlan({ terminal }: Context, plan: RestorePlan, place: string): number {
  const { files, bytes, folders, others, kept, bytesToFetch, problems, problemCount } = plan;
  terminal.line(terminal.style("bold", "Dry run: nothing was restored."));
  const rows: [string, string][] = [
    ["  to", shown(place)],
    ["  would restore", `${counted(files, "file")}, ${size(bytes)}`],
    ["  folders", count(folders)],
    ["  links and others", others > 0 ? count(others) : ""],
    ["  would be left", kept > 0 ? count(kept) : ""],
    ["  to fetch", size(bytesToFetch)],
  ];
  terminal.lines(facts(rows.filter(([, value]) => value !== "")));
  reportProblems(terminal, problems, problemCount);
  return problemCount === 0 ? EXIT_DONE : EXIT_INCOMPLETE;
}

/** Of one thing, where exactly it comes to be. */
export function placeOf(target: string, paths: readonly string[]): string {
  const [path] = paths;
  return path === undefined || paths.length > 1 || process.platform === "win32" ? target : join(target, resolve(path));
}
