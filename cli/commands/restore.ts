/** `holdfast restore`: files as a snapshot has them, into a folder or an archive. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { unlink } from "node:fs/promises";
import { resolve } from "node:path";
import type { Writable } from "node:stream";
import { Option } from "commander";
import {
  findOrder,
  planRestore,
  type RestoreOptions,
  type RestoreReport,
  restore,
  restoreTar,
  type Snapshot,
  type Vault,
  versions,
} from "../../agent/index.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { type Context, optionError } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { EXIT_DONE, EXIT_INCOMPLETE } from "../exit.ts";
import { shown } from "../names.ts";
import {
  type HistoryOptions,
  openHistory,
  openSnapshotAt,
  withAt,
  withDownloadLimit,
  withHistory,
} from "../open-history.ts";
import { pathThere } from "../path-there.ts";
import { placeOf, restoreProgress, tellPlan, tellRestore } from "../restore-report.ts";

interface Options extends HistoryOptions {
  readonly at: string;
  readonly to?: string;
  readonly tar?: string;
  readonly existing: NonNullable<RestoreOptions["existing"]>;
  readonly numericOwners?: boolean;
  readonly dryRun?: boolean;
  readonly order?: string;
  readonly pick?: string;
}

const EXISTING = ["fail", "keep", "rename", "overwrite"];
const STDOUT = "-";

export const define: Define = (command, act) => {
  command.argument("[paths...]", "files and folders, as they were called on this machine (default: everything)");
  withDownloadLimit(withAt(command))
    .option("--to <folder>", "where to; everything comes below it under its whole path")
    .addOption(
      new Option("--existing <policy>", "what is there already: is left and reported, left, kept beside, or replaced")
        .choices(EXISTING)
        .default("fail"),
    )
    .option("--numeric-owners", "owners by number, not by name")
    .option("--tar <file>", "a tar archive instead of a folder; - is standard output")
    .option("--dry-run", "say what would be restored, and what is in the way")
    .option(
      "--pick <number>",
      "a version of one path by its number in `holdfast versions`, whatever its date: 1 is the last one, also of what was deleted",
    )
    .option(
      "--order <id>",
      "what somebody ordered on this machine (`holdfast orders`): says itself what, when and where to",
    )
    .addHelpText(
      "after",
      examples([
        ["holdfast restore ~/letter.txt --to /tmp/back", "as of the last backup, to /tmp/back/home/…/letter.txt"],
        ["holdfast restore ~/documents --at '3 days ago' --to /tmp/back", "a folder as it was"],
        ["holdfast restore ~/gone.txt --pick 1 --to /tmp/back", "a file that was deleted, as it was last"],
        ["holdfast restore --at 12 --to /mnt/new-disk", "everything of snapshot 12"],
        ["holdfast restore ~/documents --at yesterday --to / --existing overwrite", "in place"],
        [
          "holdfast restore --machine laptop ~/documents --to /tmp/back",
          "another machine's, by its name (`holdfast machines`)",
        ],
        ["holdfast restore --order 0191…", "what somebody ordered in the console"],
        ["holdfast restore ~/documents --tar - | ssh other tar -x", "to another machine"],
      ]),
    )
    .action(act(run));
  withHistory(command);
};

async function run(context: Context, given: string[], options: Options): Promise<number> {
  if (options.order !== undefined) return await runOrder(context, given, { ...options, order: options.order });
  check(context, options);
  const paths = given.map(pathThere);
  const pick = parsePick(context, paths, options);
  await using vault = await openHistory(context, options, "restore");
  if (options.machine !== undefined && options.to !== undefined && options.numericOwners !== true)
    context.terminal.note(OWNERS);
  const at = pick === undefined ? options.at : await snapshotOf(context, vault, pick);
  const snapshot = await openSnapshotAt(context, vault, at);
  try {
    if (options.tar !== undefined) return await toTar(context, { vault, snapshot, paths, file: options.tar });
    const target = resolve(options.to ?? "");
    return await toFolder(context, { vault, snapshot, paths, target, place: placeOf(target, paths), options });
  } finally {
    context.progress.end();
  }
}

async function runOrder(context: Context, given: string[], options: Options & { order: string }): Promise<number> {
  if (given.length > 0 || options.to !== undefined || options.tar !== undefined || options.at !== "latest")
    throw optionError(context, "--order", "an order says itself which paths, of when, and where to");
  const { order, paths, target } = await findOrder(context.dataFolder, options.order);
  const { requestedBy, existing } = order;
  const place = order.target.kind === "original" ? "where they were" : target;
  context.terminal.note(`Ordered by ${shown(requestedBy)}: to ${shown(place)}; what is there already: ${existing}`);
  for (const path of order.paths.slice(0, SHOWN_PATHS)) context.terminal.note(`  ${shown(path)}`);
  if (paths.length > SHOWN_PATHS) context.terminal.note(`  and ${paths.length - SHOWN_PATHS} more`);
  // A dry run only looks: the order waits on.
  await using vault = await openHistory(context, options, "restore", options.dryRun ? undefined : order.id);
  const snapshot = await openSnapshotAt(context, vault, String(order.snapshot));
  try {
    return await toFolder(context, { vault, snapshot, paths, target, place, options: { ...options, existing } });
  } finally {
    context.progress.end();
  }
}

const OWNERS =
  "Owners: by name where this computer knows the name, else by number; --numeric-owners takes the numbers. Only an administrator can give files to others.";

interface Pick {
  readonly path: string;
  readonly number: number;
}

function parsePick(context: Context, paths: readonly string[], { pick, at }: Options): Pick | undefined {
  if (pick === undefined) return undefined;
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0) throw optionError(context, "--pick", "it is about one path");
  if (at !== "latest") throw optionError(context, "--pick", "it says itself which snapshot; leave --at out");
  const number = /^[1-9]\d{0,6}$/.test(pick) ? Number(pick) : undefined;
  if (number === undefined) throw optionError(context, "--pick", "it is a number from `holdfast versions`, 1 or more");
  return { path, number };
}

/** Of a version the newest snapshot that has it. */
async function snapshotOf({ signal }: Context, vault: Vault, { path, number }: Pick): Promise<string> {
  const found = await versions(vault, path, { signal });
  const version = found[number - 1];
  if (version) return `#${version.last.sequence}`;
  const [newest] = await vault.snapshots();
  if (found.length === 0)
    throw new HoldfastError("restore/no-match", { snapshot: `1 to ${newest?.sequence ?? 0}`, path });
  throw new HoldfastError("restore/no-version", { path, number, count: found.length });
}

const SHOWN_PATHS = 10;

/** Mistakes show before anybody types a password. */
function check(context: Context, { at, to, tar, dryRun }: Options): void {
  context.when(at);
  if ((to === undefined) === (tar === undefined))
    throw optionError(context, "--to", "say which folder to restore to, or which archive to write with --tar");
  if (tar === undefined) return;
  const { streams, manner } = context.terminal;
  if (dryRun) throw optionError(context, "--dry-run", "goes together with --to only");
  if (tar === STDOUT && manner.json) throw optionError(context, "--json", "standard output is the archive already");
  if (tar === STDOUT && streams.stdout.isTTY)
    throw optionError(context, "--tar", "an archive is not for a terminal; send it on");
}

interface Source {
  readonly vault: Vault;
  readonly snapshot: Snapshot;
  readonly paths: readonly (string | Buffer)[];
}

async function toFolder(
  context: Context,
  given: Source & { target: string; place: string; options: Options },
): Promise<number> {
  const { vault, snapshot, paths, target, place, options } = given;
  const { terminal, progress, signal } = context;
  const { existing } = options;
  if (options.dryRun) {
    const plan = await planRestore(vault, snapshot, { paths, target, existing, signal });
    if (!terminal.manner.json) return tellPlan(context, plan, place);
    terminal.json({ dryRun: true, ...plan, target });
    return exitOf(plan);
  }
  const report = await restore(vault, snapshot, {
    paths,
    target,
    existing,
    useNumericOwners: options.numericOwners ?? false,
    signal,
    onProgress: (now) => progress.update(restoreProgress(now)),
  });
  progress.end();
  return tell(context, report, place);
}

async function toTar(context: Context, { vault, snapshot, paths, file }: Source & { file: string }): Promise<number> {
  const { terminal, progress, signal } = context;
  const onProgress = (now: Parameters<typeof restoreProgress>[0]) => progress.update(restoreProgress(now));
  const write = (to: Writable) => restoreTar(vault, snapshot, { paths, to, signal, onProgress });
  if (file === STDOUT) {
    const report = await write(terminal.streams.stdout);
    return tellRestore(context, report, "standard output", (line) => terminal.note(line));
  }
  const path = resolve(file);
  const to = createWriteStream(path, { flags: "wx", mode: 0o600 });
  await once(to, "open").catch((cause: Error) => {
    throw optionError(context, `--tar ${file}`, `it can't be made: ${cause.message}`);
  });
  try {
    const report = await write(to);
    to.end();
    await once(to, "close");
    progress.end();
    return tell(context, report, path);
  } catch (error) {
    // What is cut must not look like an archive.
    to.destroy();
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

function tell(context: Context, report: RestoreReport, place: string): number {
  const { terminal } = context;
  if (!terminal.manner.json) return tellRestore(context, report, place, (line) => terminal.line(line));
  terminal.json({ ...report, place });
  return exitOf(report);
}

const exitOf = ({ problemCount }: { readonly problemCount: number }): number =>
  problemCount === 0 ? EXIT_DONE : EXIT_INCOMPLETE;
