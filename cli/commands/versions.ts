/** `holdfast versions`: every state of one file or folder over the history. */
import { type Version, versions } from "../../agent/index.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { entryJson, entrySize, modified } from "../entry-text.ts";
import { type HistoryOptions, openHistory, withHistory } from "../open-history.ts";
import { pathThere } from "../path-there.ts";
import { table } from "../table.ts";
import { moment } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .argument("<path>", "a file or folder, as it was called on this machine")
    .addHelpText(
      "after",
      examples([
        ["holdfast versions ~/letter.txt", "when it changed, and in which snapshots each state is"],
        ["holdfast restore ~/letter.txt --pick 3 --to /tmp/back", "then take the one you want, by its number"],
      ]),
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, path: string, options: HistoryOptions): Promise<undefined> {
  const { terminal, timeZone, signal } = context;
  await using vault = await openHistory(context, options, "browse");
  const found = await versions(vault, pathThere(path), { signal });
  const [newest] = await vault.snapshots();
  if (found.length === 0)
    throw new HoldfastError("restore/no-match", {
      snapshot: newest ? `1 to ${newest.sequence}` : "0",
      path: pathThere(path),
    });
  if (terminal.manner.json) {
    for (const [at, { entry, first, last, deletedIn }] of found.entries())
      terminal.json({
        number: at + 1,
        first: first.sequence,
        last: last.sequence,
        deletedIn: deletedIn?.sequence,
        ...entryJson(entry),
      });
    return;
  }
  terminal.lines(
    table(
      [
        { title: "no.", align: "right", value: (version: Version) => String(found.indexOf(version) + 1) },
        { title: "snapshots", value: span },
        { title: "since", value: ({ first }: Version) => moment(first.receivedAt, timeZone) },
        { title: "modified", value: ({ entry }) => modified(entry, timeZone) },
        { title: "size", align: "right", value: ({ entry }) => entrySize(entry) || entry.type },
        {
          title: "",
          value: ({ deletedIn }) => (deletedIn ? terminal.style("yellow", `gone in #${deletedIn.sequence}`) : ""),
        },
      ],
      found,
    ),
  );
}

const span = ({ first, last }: Version): string =>
  first.sequence === last.sequence ? `#${first.sequence}` : `#${first.sequence} to #${last.sequence}`;
