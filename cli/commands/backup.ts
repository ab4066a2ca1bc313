/** `holdfast backup`: the folders that were named, or those remembered from before. */
import { type Command, Option } from "commander";
import { type BackupProgress, backup, backupLocal, type OwnBackupOptions } from "../../agent/index.ts";
import { backupType } from "../../protocol/messages/sessions.ts";
import { backupByAgent } from "../backup-by-agent.ts";
import { backupProgress, tellBackup, tellSkipped } from "../backup-report.ts";
import { changedFrom } from "../changed-names.ts";
import { chosenFolders } from "../chosen-folders.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { parseLimit, RATE_EXAMPLES } from "../limits.ts";
import { shown } from "../names.ts";
import { duration } from "../units.ts";

interface Options {
  readonly exclude?: readonly string[];
  readonly oneFileSystem?: boolean;
  readonly only?: boolean;
  readonly dryRun?: boolean;
  readonly acceptHistory?: boolean;
  readonly changedFrom?: string;
  readonly limitUpload?: string;
  readonly type: string;
  readonly hooks?: boolean;
  readonly local?: boolean;
  readonly newCopy?: boolean;
}

export const define: Define = (command: Command, act) => {
  command
    .argument("[folders...]", "folders or files; they are remembered for the next time")
    .option("--only", "forget the folders that are remembered and not named now")
    .option("--exclude <pattern>", "leave out, as in .gitignore; repeatable; remembered", collect)
    .option("--one-file-system", "don't enter other file systems; remembered (--no-one-file-system: enter them)")
    .addOption(new Option("--no-one-file-system").hideHelp())
    .option("--dry-run", "look at everything, send and remember nothing")
    .option("--changed-from <file>", "look only at the names in it (-: standard input); see below")
    .option("--no-hooks", "don't run the programs that settings.json names before and after a backup")
    .option("--limit-upload <rate>", `send at most so much a second, this time: ${RATE_EXAMPLES}`)
    .option("--accept-history", "go on although the service shows an older or other history than this machine knows")
    .option("--local", "to the local copy instead of the service (`holdfast settings set local-copy <folder>`)")
    .option("--new-copy", "with --local: the folder is to hold another copy; it is not the wrong disk")
    .addOption(
      new Option("--type <type>", "what the record says started it").choices(backupType.options).default("Manual"),
    )
    .addHelpText(
      "after",
      `\nA .holdfastignore file leaves out what its lines say, as .gitignore does, below its own folder.\n${CHANGED}\n${examples(
        [
          ["holdfast backup ~/documents ~/photos", "both, now and whenever `holdfast backup` runs"],
          ["holdfast backup", "again: only what has changed is read and sent"],
          ["holdfast backup --exclude '*.iso' --exclude node_modules/", "leaves these out from now on"],
          ["holdfast backup --limit-upload 2M", "leaves the rest of the line to others"],
          ["holdfast backup --local", "to the disk beside the machine; needs no service"],
          ["holdfast backup --dry-run", "how much it would be"],
          [
            "find ~/documents -newer stamp | holdfast backup --changed-from -",
            "only what somebody knows to have changed",
          ],
        ],
      )}`,
    )
    .action(act(run));
};

const CHANGED = `
--changed-from is for watchers and scripts: files and folders that came, changed or went since the last backup, one
in a line (or with a NUL behind each). A folder's name means what lies directly in it, with a slash at its end
everything below. Nothing else is looked at: changes that nobody names wait for the next backup without
--changed-from, so run one of these now and then. When the last backup can't be gone on from (the first one,
other folders or patterns, a lost memory of it) everything is looked at.
`;

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** The agent, where one runs, can do it: it runs hooks, keeps to the hours of its bandwidth, and knows what has changed. */
function isPlain({ dryRun, acceptHistory, newCopy, hooks, type, changedFrom, limitUpload }: Options): boolean {
  if (dryRun || acceptHistory || newCopy || hooks === false || type !== "Manual") return false;
  return changedFrom === undefined && limitUpload === undefined;
}

async function run(context: Context, folders: string[], options: Options): Promise<number> {
  const { terminal, dataFolder, progress, signal } = context;
  const { json, quiet } = terminal.manner;
  const changed = options.changedFrom === undefined ? undefined : await changedFrom(context, options.changedFrom);
  const uploadLimit = parseLimit(context, "--limit-upload", options.limitUpload);
  const { set, roots } = await chosenFolders(context, folders, options);
  terminal.note(`Backing up ${roots.map((root) => shown(root)).join(", ")}`);
  try {
    const made = isPlain(options) ? await backupByAgent(context, { to: options.local ? "local" : "cloud" }) : undefined;
    if (made) {
      progress.end();
      return tellBackup(context, made);
    }
    const how = {
      dataFolder,
      ...set,
      acceptHistory: options.acceptHistory ?? false,
      dryRun: options.dryRun ?? false,
      changed,
      withoutHooks: options.hooks === false,
      environment: context.surroundings.environment,
      onHook: ({ program, phase, failure, durationMs }) =>
        terminal.note(`Hook ${phase} the backup: ${shown(program)}: ${failure ?? `done in ${duration(durationMs)}`}`),
      signal,
      // For those who watch, a first backup counts everything ahead.
      onProgress: json || quiet ? undefined : (now: BackupProgress) => progress.update(backupProgress(now)),
    } satisfies Omit<OwnBackupOptions, "type">;
    const report = options.local
      ? await backupLocal({ ...how, mayBegin: options.newCopy, timeZone: context.timeZone })
      : await backup({ ...how, type: backupType.parse(options.type), uploadLimit });
    progress.end();
    tellSkipped(context, report, changed !== undefined);
    return tellBackup(context, report);
  } finally {
    progress.end();
  }
}
