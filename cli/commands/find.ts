/** `holdfast find`: where a name was, now or ever. */
import { find } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { diskName, entryJson, entryLine } from "../entry-text.ts";
import { type HistoryOptions, openHistory, withAt, withHistory } from "../open-history.ts";

interface Options extends HistoryOptions {
  readonly at: string;
  readonly all?: boolean;
}

export const define: Define = (command, act) => {
  command.argument("<pattern>", "part of a name, or a glob with * ? [ ] **; with a slash it is about whole paths");
  withAt(command)
    .option("--all", "in all snapshots, newest first; each state once")
    .addHelpText(
      "after",
      examples([
        ["holdfast find letter", "names with “letter” in them"],
        ["holdfast find '*.odt' --at 'last monday'", "as of then"],
        ["holdfast find '**/thesis/**/*.tex' --all", "also what was deleted, and every version"],
      ]),
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, pattern: string, options: Options): Promise<undefined> {
  const { terminal, timeZone, signal } = context;
  const at = context.when(options.at);
  await using vault = await openHistory(context, options, "browse");
  let found = 0;
  for await (const match of find(vault, pattern, { at, allSnapshots: options.all ?? false, signal })) {
    found++;
    const { entry, snapshot, receivedAt } = match;
    if (terminal.manner.json) terminal.json({ snapshot, receivedAt, ...entryJson(entry) });
    else terminal.line(`${`#${snapshot}`.padEnd(5)} ${entryLine(entry, diskName(entry.path), terminal, timeZone)}`);
  }
  if (found === 0) terminal.note(options.all ? "Nothing." : "Nothing in this snapshot; --all looks in all of them.");
}
