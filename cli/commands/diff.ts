/** `holdfast diff`: what changed between two snapshots. */
import { resolve } from "node:path";
import { type Change, diff } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { diskName, entryJson, entrySize, pathJson } from "../entry-text.ts";
import { shown } from "../names.ts";
import { type HistoryOptions, openHistory, openSnapshotAt, withHistory } from "../open-history.ts";
import type { Style, Terminal } from "../terminal.ts";
import { count } from "../units.ts";

interface Options extends HistoryOptions {
  readonly metadata?: boolean;
  readonly below?: readonly string[];
}

export const define: Define = (command, act) => {
  command
    .argument("<from>", "a snapshot: its number, or a date as for restore")
    .argument("[to]", "another one", "latest")
    .option("--below <path>", "only at and below it; repeatable", (path, before: string[] = []) => [...before, path])
    .option("--metadata", "also what differs only in times, owners, modes or attributes")
    .addHelpText(
      "after",
      `\n+ added, - removed, M changed, m only metadata\n${examples([
        ["holdfast diff 11 12", "between two snapshots"],
        ["holdfast diff yesterday", "since the end of yesterday"],
        ["holdfast diff 'last monday' latest --below ~/documents", "in one folder"],
      ])}`,
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, from: string, to: string, options: Options): Promise<undefined> {
  const { terminal, signal } = context;
  for (const text of [from, to]) context.when(text); // A mistake shows before anybody types a password.
  await using vault = await openHistory(context, options, "browse");
  const before = await openSnapshotAt(context, vault, from);
  const after = await openSnapshotAt(context, vault, to);
  const paths = options.below?.map((path) => resolve(path));
  const counts = { added: 0, removed: 0, changed: 0, metadata: 0 };
  for await (const change of diff(before, after, { paths, signal })) {
    counts[change.kind]++;
    if (change.kind === "metadata" && !options.metadata) continue;
    if (terminal.manner.json) terminal.json(changeJson(change));
    else terminal.line(changeLine(change, terminal));
  }
  const { added, removed, changed, metadata } = counts;
  terminal.note(
    `${count(added)} added, ${count(removed)} removed, ${count(changed)} changed, ${count(metadata)} in metadata only`,
  );
}

const MARKS: Readonly<Record<Change["kind"], readonly [mark: string, style: Style]>> = {
  added: ["+", "green"],
  removed: ["-", "red"],
  changed: ["M", "yellow"],
  metadata: ["m", "dim"],
};

function changeLine(change: Change, terminal: Terminal): string {
  const [mark, style] = MARKS[change.kind];
  return terminal.style(style, `${mark} ${shown(diskName(change.path))}${sizes(change)}`);
}

function sizes(change: Change): string {
  switch (change.kind) {
    case "added":
      return change.after.type === "file" ? `  ${entrySize(change.after)}` : "";
    case "removed":
      return change.before.type === "file" ? `  ${entrySize(change.before)}` : "";
    case "changed":
      return `  ${entrySize(change.before) || change.before.type} → ${entrySize(change.after) || change.after.type}`;
    case "metadata":
      return "";
  }
}

const changeJson = (change: Change) => ({
  change: change.kind,
  ...pathJson(change.path),
  ...("before" in change ? { before: entryJson(change.before) } : {}),
  ...("after" in change ? { after: entryJson(change.after) } : {}),
});
