/** `holdfast restore`: files as a snapshot has them, into a folder. */
import { isAbsolute, join, resolve } from "node:path";
import { Option } from "commander";
import { type RestoreOptions, type RestoreProgress, type RestoreReport, restore } from "../../agent/index.ts";
import { type Context, optionError } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { EXIT_DONE, EXIT_INCOMPLETE } from "../exit.ts";
import { shown } from "../names.ts";
import { type HistoryOptions, openHistory, openSnapshotAt, withAt, withHistory } from "../open-history.ts";
import { reportProblems } from "../report.ts";
import { facts } from "../table.ts";
import { counted, duration, size } from "../units.ts";

interface Options extends HistoryOptions {
  readonly at: string;
  readonly to?: string;
  readonly existing: NonNullable<RestoreOptions["existing"]>;
  readonly numericOwners?: boolean;
}

const EXISTING = ["fail", "keep", "rename", "overwrite"];

export const define: Define = (command, act) => {
  command.argument("[paths...]", "files and folders, as they were called on this machine (default: everything)");
  withAt(command)
    .option("--to <folder>", "where to; everything comes below it under its whole path")
    .addOption(
      new Option("--existing <policy>", "what is there already: is left and reported, left, kept beside, or replaced")
        .choices(EXISTING)
        .default("fail"),
    )
    .option("--numeric-owners", "owners by number, not by name")
    .addHelpText(
      "after",
      examples([
        ["holdfast restore ~/letter.txt --to /tmp/back", "as of the last backup, to /tmp/back/home/…/letter.txt"],
        ["holdfast restore ~/documents --at '3 days ago' --to /tmp/back", "a folder as it was"],
        ["holdfast restore --at 12 --to /mnt/new-disk", "everything of snapshot 12"],
        ["holdfast restore ~/documents --at yesterday --to / --existing overwrite", "in place"],
      ]),
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, paths: string[], options: Options): Promise<number> {
  const { progress } = context;
  if (options.to === undefined) throw optionError(context, "--to", "say which folder to restore to");
  const target = resolve(options.to);
  context.when(options.at); // A mistake in it shows before anybody types a password.
  await using vault = await openHistory(context, options, "restore");
  const snapshot = await openSnapshotAt(context, vault, options.at);
  try {
    const report = await restore(vault, snapshot, {
      paths: paths.map((path) => resolve(path)),
      target,
      existing: options.existing,
      useNumericOwners: options.numericOwners ?? false,
      signal: context.signal,
      onProgress: (now) => progress.update(restoreProgress(now)),
    });
    progress.end();
    return tell(context, report, target, paths);
  } finally {
    progress.end();
  }
}

const restoreProgress = ({ files, bytes, totalFiles, totalBytes, currentPath }: RestoreProgress) => ({
  phase: "restoring",
  files,
  bytes,
  totalFiles,
  totalBytes,
  current: currentPath,
});

function tell({ terminal }: Context, report: RestoreReport, target: string, paths: readonly string[]): number {
  const exitCode = report.result === "completed" ? EXIT_DONE : EXIT_INCOMPLETE;
  if (terminal.manner.json) {
    terminal.json({ ...report, target });
    return exitCode;
  }
  const { filesRetrieved, filesRequested, bytes, folders, others, kept, bytesFetched, durationMs } = report;
  terminal.line(
    report.result === "completed"
      ? terminal.style("green", `Restored ${counted(filesRetrieved, "file")}, ${size(bytes)}.`)
      : terminal.style("yellow", `Restored ${filesRetrieved} of ${counted(filesRequested, "file")}, ${size(bytes)}.`),
  );
  terminal.lines(
    facts([
      ["  to", shown(placeOf(target, paths))],
      ["  folders", String(folders)],
      ...(others > 0 ? [["  links and others", String(others)] as const] : []),
      ...(kept > 0 ? [["  left as they were", String(kept)] as const] : []),
      ["  fetched", size(bytesFetched)],
      ["  took", duration(durationMs)],
    ]),
  );
  reportProblems(terminal, report.problems, report.problemCount);
  return exitCode;
}

/** Of one thing, where exactly it is now. */
function placeOf(target: string, paths: readonly string[]): string {
  const [path] = paths;
  if (path === undefined || paths.length > 1) return target;
  const absolute = resolve(path);
  return isAbsolute(absolute) && process.platform !== "win32" ? join(target, absolute) : target;
}
