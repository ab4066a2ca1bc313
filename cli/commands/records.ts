/** `holdfast records`: what ran, and how it ended, as the service has it. */
import { ownMachine } from "../../agent/index.ts";
import type { BackupView, RestoreView } from "../../protocol/messages/records.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { type Column, table } from "../table.ts";
import { takeFirst } from "../take-first.ts";
import { count, duration, moment, size } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .option("--restores", "restores instead of backups")
    .option("--last <count>", "the newest so many", "20")
    .addHelpText(
      "after",
      examples([
        ["holdfast records", "the last 20 backups"],
        ["holdfast records --restores", "the last 20 restores"],
        ["holdfast records --last 1 --json", "the last backup with all its numbers and problems"],
      ]),
    )
    .action(act(run));
};

async function run(context: Context, options: { restores?: boolean; last: string }): Promise<undefined> {
  const { remote } = await ownMachine(context.dataFolder);
  if (options.restores)
    print(context, await takeFirst(context, remote.restores(), options.last), restoreColumns(context));
  else print(context, await takeFirst(context, remote.backups(), options.last), backupColumns(context));
}

function print<Row>({ terminal }: Context, rows: readonly Row[], columns: readonly Column<Row>[]): void {
  if (terminal.manner.json) for (const row of rows) terminal.json(row);
  else if (rows.length === 0) terminal.note("None yet.");
  else terminal.lines(table(columns, rows));
}

function backupColumns({ timeZone }: Context): Column<BackupView>[] {
  return [
    { title: "started", value: (row) => moment(row.startedAt, timeZone) },
    { title: "took", align: "right", value: (row) => took(row.startedAt, row.endedAt) },
    { title: "type", value: (row) => row.type },
    { title: "result", value: (row) => shown(row.result ?? row.state) },
    { title: "snapshot", align: "right", value: (row) => (row.snapshot === null ? "" : `#${row.snapshot}`) },
    { title: "files", align: "right", value: (row) => count(row.files) },
    { title: "size", align: "right", value: (row) => size(row.bytes) },
    { title: "files sent", align: "right", value: (row) => count(row.filesTransferred) },
    { title: "sent", align: "right", value: (row) => size(row.bytesTransferred) },
    { title: "problems", align: "right", value: (row) => count(row.problemCount) },
  ];
}

function restoreColumns({ timeZone }: Context): Column<RestoreView>[] {
  return [
    { title: "requested", value: (row) => moment(row.requestedAt, timeZone) },
    { title: "took", align: "right", value: (row) => took(row.requestedAt, row.finishedAt) },
    { title: "by", value: (row) => shown(row.requestedBy) },
    { title: "from", value: (row) => row.source },
    { title: "status", value: (row) => shown(row.code ?? row.status) },
    { title: "files", align: "right", value: (row) => count(row.filesRetrieved) },
    { title: "size", align: "right", value: (row) => size(row.bytes) },
  ];
}

const took = (from: string, to: string | null): string =>
  to === null ? "running" : duration(Date.parse(to) - Date.parse(from));
