/** The commands: a table of names, and each command's file loaded only when it is called, so that short commands start fast. */
import { Command, CommanderError } from "commander";
import { HoldfastError } from "../protocol/errors.ts";
import { VERSION } from "../protocol/version.ts";
import { type Host, makeContext, pathOf } from "./context.ts";
import { type Define, examples, type Work } from "./define.ts";
import { EXIT_DONE } from "./exit.ts";

interface Entry {
  readonly summary: string;
  readonly group: string;
  readonly load: () => Promise<{ readonly define: Define }>;
}

const SET_UP = "Set up:";
const AGENT = "The agent at work:";
const BACK_UP = "Back up:";
const LOOK = "Look at the history:";
const RESTORE = "Get files back:";

export const COMMANDS: Readonly<Record<string, Entry>> = {
  register: {
    summary: "connect this machine with a service",
    group: SET_UP,
    load: () => import("./commands/register.ts"),
  },
  enrol: {
    summary: "register, set up and start the agent, silently, for deployment tools",
    group: SET_UP,
    load: () => import("./commands/enrol.ts"),
  },
  "install-service": {
    summary: "have the agent started with this machine",
    group: SET_UP,
    load: () => import("./commands/install-service.ts"),
  },
  "uninstall-service": {
    summary: "no longer; with --purge nothing of it stays here",
    group: SET_UP,
    load: () => import("./commands/uninstall-service.ts"),
  },
  update: {
    summary: "take a newer version of the agent, if there is one",
    group: SET_UP,
    load: () => import("./commands/update.ts"),
  },
  status: {
    summary: "what is protected, the last backup, the next one, what needs you",
    group: SET_UP,
    load: () => import("./commands/status.ts"),
  },
  run: {
    summary: "watch what is backed up, and back it up by schedule",
    group: AGENT,
    load: () => import("./commands/run.ts"),
  },
  pause: { summary: "no backups for a while", group: AGENT, load: () => import("./commands/pause.ts") },
  resume: { summary: "backups go on after a pause", group: AGENT, load: () => import("./commands/resume.ts") },
  cancel: { summary: "end the running backup", group: AGENT, load: () => import("./commands/cancel.ts") },
  top: { summary: "what the agent does, live", group: AGENT, load: () => import("./commands/top.ts") },
  logs: { summary: "what the agent did", group: AGENT, load: () => import("./commands/logs.ts") },
  settings: {
    summary: "schedule, bandwidth and all else that this machine's owner says",
    group: AGENT,
    load: () => import("./commands/settings.ts"),
  },
  policy: {
    summary: "what holds on this machine, who says so, what is locked",
    group: AGENT,
    load: () => import("./commands/policy.ts"),
  },
  keys: { summary: "who can open this machine's backups", group: SET_UP, load: () => import("./commands/keys.ts") },
  "corporate-key": {
    summary: "an organization's recovery key, for its administrators",
    group: SET_UP,
    load: () => import("./commands/corporate-key.ts"),
  },
  backup: { summary: "back up folders", group: BACK_UP, load: () => import("./commands/backup.ts") },
  sets: { summary: "what is backed up, in named sets", group: BACK_UP, load: () => import("./commands/sets.ts") },
  "ignore-test": {
    summary: "say what decides whether a path is backed up",
    group: BACK_UP,
    load: () => import("./commands/ignore-test.ts"),
  },
  records: { summary: "past backups and restores", group: BACK_UP, load: () => import("./commands/records.ts") },
  snapshots: { summary: "list the snapshots", group: LOOK, load: () => import("./commands/snapshots.ts") },
  ls: { summary: "list a folder of a snapshot", group: LOOK, load: () => import("./commands/ls.ts") },
  find: { summary: "find files by name", group: LOOK, load: () => import("./commands/find.ts") },
  browse: {
    summary: "look around in the history, and restore",
    group: LOOK,
    load: () => import("./commands/browse.ts"),
  },
  versions: { summary: "list the versions of a file", group: LOOK, load: () => import("./commands/versions.ts") },
  diff: { summary: "compare two snapshots", group: LOOK, load: () => import("./commands/diff.ts") },
  restore: { summary: "restore files of a snapshot", group: RESTORE, load: () => import("./commands/restore.ts") },
  machines: {
    summary: "machines whose files you may restore",
    group: RESTORE,
    load: () => import("./commands/machines.ts"),
  },
  orders: {
    summary: "restores that somebody ordered on this machine",
    group: RESTORE,
    load: () => import("./commands/orders.ts"),
  },
  verify: {
    summary: "check that snapshots can be restored",
    group: RESTORE,
    load: () => import("./commands/verify.ts"),
  },
};

/** Runs one command line (without program names) and gives its exit code. Throws what goes wrong as HoldfastError. */
export async function runCommand(argv: readonly string[], host: Host): Promise<number> {
  let called = "";
  let exitCode = EXIT_DONE;
  const act =
    (work: Work) =>
    async (...operands: unknown[]): Promise<void> => {
      // Commander appends the options and the command to the operands.
      const command = operands.at(-1) as Command;
      refuseEmptyWords(command);
      const context = makeContext(command, host);
      exitCode = (await work(context, ...(operands.slice(0, -1) as never[]))) ?? EXIT_DONE;
    };
  const program = makeProgram(host);
  program.hook("preSubcommand", async (_, command) => {
    called = command.name();
    command.hook("preSubcommand", (__, below) => {
      called = pathOf(below);
    });
    const entry = COMMANDS[called];
    if (entry) (await entry.load()).define(command, act);
  });
  try {
    await program.parseAsync(helpFirst(argv), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT_DONE;
    throw badCommandLine(error, called);
  }
  return exitCode;
}

function makeProgram(host: Host): Command {
  const program = new Command("holdfast")
    .description("Backs up folders to a Holdfast service, and gets files back as they were at any date.")
    .version(VERSION, "--version", "show the version")
    .option("--data <folder>", "where this machine's settings, keys and state are (default: HOLDFAST_HOME)")
    .option("--json", "results as JSON, for scripts")
    .option("--quiet", "results and errors only")
    .option("--verbose", "say more, and where an error came from")
    .option("--no-color", "no colours")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.streams.stdout.write(text),
      writeErr: () => undefined, // Told once, by whoever catches it.
    })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText(
      "after",
      examples([
        ["holdfast register --service http://127.0.0.1:8470 --key ABCDE-…", "once, with a product key"],
        ["holdfast backup ~/documents", "the folders are remembered"],
        ["holdfast restore documents/letter.txt --at yesterday --to /tmp/back", "as it was"],
        ["holdfast restore --help", "each command has its own help and examples"],
      ]),
    );
  for (const [name, { summary, group }] of Object.entries(COMMANDS))
    program
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
      .helpGroup(group);
  return program;
}

/** What a shell makes of a variable that is not set. It would mean the folder one is in, or the latest date: not what was meant. */
function refuseEmptyWords(command: Command): void {
  const refuse = (option: string): never => {
    throw new HoldfastError("option/invalid", { option, reason: "it is empty", command: pathOf(command) });
  };
  if (command.args.includes("")) refuse("an argument");
  for (const [name, value] of Object.entries(command.optsWithGlobals<Record<string, unknown>>()))
    if (value === "" || (Array.isArray(value) && value.includes("")))
      refuse(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
}

/** `help`, `help restore` and an empty command line ask for help too. */
function helpFirst(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  if (first === undefined || first === "help") return [...rest, "--help"];
  return [...argv];
}

function badCommandLine(error: CommanderError, called: string): HoldfastError {
  const reason = error.message
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*)\)$/, " (did you mean $1)")
    .replace(/[.\s]+$/, "");
  const command = called === "" ? "" : `${called} `;
  return new HoldfastError("option/invalid", { option: `holdfast ${command}`.trim(), reason, command: called || "" });
}
