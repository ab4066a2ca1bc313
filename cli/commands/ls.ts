/** `holdfast ls`: what a folder held. */
import { resolve } from "node:path";
import { listFolder } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { diskName, entryJson, entryLine, nameOf } from "../entry-text.ts";
import { type HistoryOptions, openHistory, openSnapshotAt, withAt, withHistory } from "../open-history.ts";

interface Options extends HistoryOptions {
  readonly at: string;
  readonly recursive?: boolean;
}

export const define: Define = (command, act) => {
  command.argument("[folder]", "as it was called on this machine", "/");
  withAt(command)
    .option("-R, --recursive", "everything below it too, with whole paths")
    .addHelpText(
      "after",
      examples([
        ["holdfast ls ~/documents", "as of the last backup"],
        ["holdfast ls ~/documents --at 2026-11-01", "as of the end of that day"],
        ["holdfast ls / --recursive --json", "everything, one line of JSON each"],
      ]),
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, folder: string, options: Options): Promise<undefined> {
  const { terminal, timeZone, signal } = context;
  const recursive = options.recursive ?? false;
  context.when(options.at); // A mistake in it shows before anybody types a password.
  await using vault = await openHistory(context, options, "browse");
  const snapshot = await openSnapshotAt(context, vault, options.at);
  for await (const entry of listFolder(snapshot, resolve(folder), { recursive, signal })) {
    if (terminal.manner.json) terminal.json(entryJson(entry));
    else terminal.line(entryLine(entry, recursive ? diskName(entry.path) : nameOf(entry), terminal, timeZone));
  }
}
