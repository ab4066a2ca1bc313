/** `holdfast verify`: whether snapshots could be restored. */
import { type VerifyReport, verify } from "../../agent/index.ts";
import { EXIT_CODES } from "../../protocol/error-codes.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { EXIT_DONE } from "../exit.ts";
import { type HistoryOptions, openHistory, withDownloadLimit, withHistory } from "../open-history.ts";
import { reportProblems } from "../report.ts";
import { facts } from "../table.ts";
import { count, counted, duration, size } from "../units.ts";
import { WHEN_EXAMPLES } from "../when.ts";

interface Options extends HistoryOptions {
  readonly at?: string;
  readonly readData?: boolean;
}

export const define: Define = (command, act) => {
  withDownloadLimit(command)
    .option("--at <when>", `only the snapshot of that moment: ${WHEN_EXAMPLES}`)
    .option("--read-data", "also fetch and open every byte, as a restore would")
    .addHelpText(
      "after",
      `\nExit 0: all is sound. Exit ${EXIT_CODES.corrupt}: something is damaged or lost; what, is listed.\n${examples([
        ["holdfast verify", "signatures, history, catalogs, and that every chunk is there"],
        ["holdfast verify --read-data", "and that every byte opens"],
        ["holdfast verify --at latest --read-data", "of the newest snapshot only"],
      ])}`,
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, options: Options): Promise<number> {
  const { progress, signal } = context;
  const at = options.at === undefined ? undefined : context.when(options.at);
  await using vault = await openHistory(context, options, "verify");
  try {
    const report = await verify(vault, {
      snapshots: at && [(await vault.findSnapshot(at)).sequence],
      readData: options.readData ?? false,
      signal,
      onProgress: ({ phase, snapshots, totalSnapshots, chunks, bytesFetched }) =>
        progress.update({
          phase: `${phase} snapshot ${Math.min(snapshots + 1, totalSnapshots)} of ${totalSnapshots}`,
          bytes: bytesFetched,
          current: `${count(chunks)} chunks`,
        }),
    });
    progress.end();
    return tell(context, report);
  } finally {
    progress.end();
  }
}

function tell({ terminal }: Context, report: VerifyReport): number {
  const isSound = report.result === "sound";
  if (terminal.manner.json) terminal.json(report);
  else {
    terminal.line(
      isSound
        ? terminal.style("green", `${counted(report.snapshots, "snapshot")} checked: sound.`)
        : terminal.style("red", `${counted(report.snapshots, "snapshot")} checked: damaged.`),
    );
    terminal.lines(
      facts([
        ["  files", count(report.files)],
        ...(report.filesWithoutContent > 0
          ? [["  without content", `${count(report.filesWithoutContent)} (could not be read when backed up)`] as const]
          : []),
        [
          "  chunks",
          `${count(report.chunks)}, ${report.isDataRead ? "all opened" : "all looked for, not read (--read-data reads them)"}`,
        ],
        ["  fetched", size(report.bytesFetched)],
        ["  took", duration(report.durationMs)],
      ]),
    );
    const problems = report.problems.map((each) => ({
      ...each,
      message: `snapshot #${each.snapshot}: ${each.message}`,
    }));
    reportProblems(terminal, problems, report.problemCount);
  }
  return isSound ? EXIT_DONE : EXIT_CODES.corrupt;
}
