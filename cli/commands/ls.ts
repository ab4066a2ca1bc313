/** `holdfast ls`: what a folder held. */
import { type Entry, listDeleted, listFolder, type Snapshot, type Vault } from "../../agent/index.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { type Context, optionError } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { diskName, entryJson, entryLine, nameOf } from "../entry-text.ts";
import { type HistoryOptions, openHistory, openSnapshotAt, withAt, withHistory } from "../open-history.ts";
import { pathThere } from "../path-there.ts";
import { moment } from "../units.ts";

interface Options extends HistoryOptions {
  readonly at: string;
  readonly recursive?: boolean;
  readonly deleted?: boolean;
}

export const define: Define = (command, act) => {
  command.argument("[folder]", "as it was called on this machine", "/");
  withAt(command)
    .option("-R, --recursive", "everything below it too, with whole paths")
    .option(
      "--deleted",
      "also what was there before and was deleted; the first column says in which snapshot it is last",
    )
    .addHelpText(
      "after",
      examples([
        ["holdfast ls ~/documents", "as of the last backup"],
        ["holdfast ls ~/documents --at 2026-11-01", "as of the end of that day"],
        ["holdfast ls ~/documents --deleted", "with what was deleted; `holdfast restore <path> --pick 1` gets it back"],
        ["holdfast ls / --recursive --json", "everything, one line of JSON each"],
      ]),
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, folder: string, options: Options): Promise<undefined> {
  const { terminal, timeZone, signal } = context;
  const recursive = options.recursive ?? false;
  if (recursive && options.deleted)
    throw optionError(
      context,
      "--deleted",
      "it is for one folder; `holdfast find --all` finds names anywhere and ever",
    );
  context.when(options.at); // A mistake in it shows before anybody types a password.
  await using vault = await openHistory(context, options, "browse");
  const snapshot = await openSnapshotAt(context, vault, options.at);
  if (options.deleted) return await withDeleted(context, { vault, snapshot, folder: pathThere(folder) });
  for await (const entry of listFolder(snapshot, pathThere(folder), { recursive, signal })) {
    if (terminal.manner.json) terminal.json(entryJson(entry));
    else terminal.line(entryLine(entry, recursive ? diskName(entry.path) : nameOf(entry), terminal, timeZone));
  }
}

async function withDeleted(
  context: Context,
  { vault, snapshot, folder }: { vault: Vault; snapshot: Snapshot; folder: string },
): Promise<undefined> {
  const { terminal, timeZone, signal } = context;
  const { gone, looked } = await listDeleted(vault, snapshot, folder, { signal });
  const deleted = gone.map(({ entry, last }) => ({ entry, last }));
  // A folder that is gone has nothing but what is deleted.
  const there: { entry: Entry; last: undefined }[] = [];
  try {
    for await (const entry of listFolder(snapshot, folder, { signal })) there.push({ entry, last: undefined });
  } catch (error) {
    if (!(error instanceof HoldfastError && error.code === "restore/no-match" && gone.length > 0)) throw error;
  }
  const all = [...there, ...deleted].sort((a, b) => Buffer.compare(a.entry.path, b.entry.path));
  for (const { entry, last } of all) {
    if (terminal.manner.json) {
      terminal.json({ ...entryJson(entry), ...(last ? { deletedAfter: last.sequence } : {}) });
      continue;
    }
    const mark = (last ? `#${last.sequence}` : "").padEnd(6);
    terminal.line(`${terminal.style("yellow", mark)} ${entryLine(entry, nameOf(entry), terminal, timeZone)}`);
  }
  const since = looked.at(-1);
  if (since)
    terminal.note(`Looked back as far as ${moment(since.receivedAt, timeZone)} (snapshot #${since.sequence}).`);
}
