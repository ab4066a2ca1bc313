/** `holdfast snapshots`: what there is to go back to, newest first. */
import { resolve } from "node:path";
import { listCopySnapshots, ownMachine } from "../../agent/index.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { table } from "../table.ts";
import { takeFirst } from "../take-first.ts";
import { count, moment, size } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .option("--last <count>", "the newest so many")
    .option("--from <folder>", "of the local copy there; no service is asked")
    .option("--machine <name>", "with --from: whose copy, where there are several")
    .addHelpText(
      "after",
      examples([
        ["holdfast snapshots", "all of them"],
        ["holdfast snapshots --last 3", "the newest three"],
        ["holdfast snapshots --from /mnt/disk", "of the local copy, as its files say"],
        ["holdfast snapshots --json", "one line of JSON each"],
      ]),
    )
    .action(act(run));
};

interface Options {
  readonly last?: string;
  readonly from?: string;
  readonly machine?: string;
}

async function run(context: Context, options: Options): Promise<undefined> {
  const { terminal, dataFolder, timeZone } = context;
  const { from, machine } = options;
  const found =
    from === undefined
      ? (await ownMachine(dataFolder)).remote.snapshots()
      : listCopySnapshots({ folder: resolve(from), machine, dataFolder });
  const snapshots = await takeFirst(context, found, options.last);
  if (terminal.manner.json) {
    for (const snapshot of snapshots) terminal.json(snapshot);
    return;
  }
  if (snapshots.length === 0) {
    terminal.note("No snapshot yet. Make one: holdfast backup <folder>");
    return;
  }
  terminal.lines(
    table(
      [
        { title: "snapshot", value: (row: SnapshotView) => `#${row.sequence}` },
        { title: "received", value: (row) => moment(row.receivedAt, timeZone) },
        { title: "files", align: "right", value: (row) => count(row.files) },
        { title: "size", align: "right", value: (row) => size(row.bytes) },
        { title: "", value: (row) => (row.incomplete ? terminal.style("yellow", "incomplete") : "") },
      ],
      snapshots,
    ),
  );
}
