/** `holdfast browse`: a history as a tree on the whole screen, with dates, search, versions, deleted files and restore. */
import { findSettings } from "../../agent/index.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { browse } from "../browse/browse.ts";
import { type Context, optionError } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { type HistoryOptions, openHistory, withAt, withDownloadLimit, withHistory } from "../open-history.ts";

interface Options extends HistoryOptions {
  readonly at: string;
}

export const define: Define = (command, act) => {
  withDownloadLimit(withAt(command))
    .addHelpText(
      "after",
      examples([
        ["holdfast browse", "look around; ? shows the keys"],
        ["holdfast browse --at 'last monday'", "begin with that date; [ and ] go on from there"],
        ["holdfast browse --machine laptop", "another machine's files"],
      ]),
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, options: Options): Promise<undefined> {
  const { streams, manner } = context.terminal;
  if (manner.json)
    throw optionError(context, "--json", "this is for looking at; use ls, find and versions with --json");
  if (streams.stdin.isTTY !== true || streams.stdout.isTTY !== true)
    throw new HoldfastError("terminal/needed", { command: context.command });
  const at = context.when(options.at); // A mistake in it shows before anybody types a password.
  await using vault = await openHistory(context, options, "browse");
  const settings = await findSettings(context.dataFolder);
  const { sequence } = await vault.findSnapshot(at);
  await browse(context, vault, { machine: options.machine ?? settings?.name ?? "", snapshot: sequence });
}
