/**
 * `npm start -- <folder>`: Holdfast in one go. Starts the service, registers this machine, backs the folder up, says what to try next, and
 * serves until Ctrl-C. Everything lies in one folder and is kept between runs. Whatever fails ends it, and the service with it.
 */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { backup, changeSettings, describeMachine, findSettings, listBackups, registerMachine } from "../agent/index.ts";
import { writeDurably } from "../base/durable-file.ts";
import { quietWarnings } from "../base/quiet-warnings.ts";
import { systemRandom } from "../base/random.ts";
import { asHoldfastError, HoldfastError } from "../protocol/errors.ts";
import { backupProgress, exitOf, headline } from "./backup-report.ts";
import { type Context, makeContext } from "./context.ts";
import { EXIT_DONE, EXIT_INTERRUPTED, exitCodeOf } from "./exit.ts";
import { onInterrupt } from "./interrupt.ts";
import { namedRoot } from "./named-root.ts";
import { shown, shownText } from "./names.ts";
import { ask } from "./prompt.ts";
import { reportProblems } from "./report.ts";
import { readSurroundings, trialFolder } from "./settings.ts";
import { freePort, PREFERRED_PORT } from "./trial/free-port.ts";
import { nextSteps, tellCredentials, tellRecord } from "./trial/next-steps.ts";
import { makeSample } from "./trial/sample.ts";
import {
  type Credentials,
  makeFirstOrganization,
  parseCredentials,
  startServiceProcess,
} from "./trial/service-process.ts";

interface Options {
  readonly sample?: boolean;
  readonly once?: boolean;
  readonly data?: string;
}

const FOLDERS_LOOKED_INTO = 50;

quietWarnings();
const checkout = fileURLToPath(new URL("..", import.meta.url));
const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
const interrupted = onInterrupt({ second: () => process.exit(EXIT_INTERRUPTED) });

// Whoever reads our output has gone: nobody to serve either. While we are stopping, that is no news.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (!interrupted.aborted) process.exit(error.code === "EPIPE" ? EXIT_DONE : 1);
});

process.exit(await main());

async function main(): Promise<number> {
  let exitCode = EXIT_DONE;
  const program = new Command("npm start --")
    .description("Starts a service on this machine, backs the folder up to it, and serves until Ctrl-C.")
    .argument("[folder]", "what to back up (default: what was backed up last time)")
    .option("--sample", "make a small sample folder and back that up")
    .option("--once", "stop after the backup")
    .option("--data <folder>", "where everything is kept (default: HOLDFAST_HOME, else .holdfast in the checkout)")
    .exitOverride()
    .action(async (folder: string | undefined, options: Options, command: Command) => {
      const context = makeContext(command, { streams, surroundings: readSurroundings(), signal: interrupted });
      exitCode = await run(context, folder, options);
    });
  try {
    await program.parseAsync();
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : 2;
    if (interrupted.aborted) return EXIT_INTERRUPTED;
    const told = asHoldfastError(error);
    streams.stderr.write(`\nerror: ${shownText(told.message)}\n  ${shownText(told.hint)}  [${told.code}]\n`);
    if (told.kind === "bug" && error instanceof Error) streams.stderr.write(`${shownText(error.stack ?? "")}\n`);
    return exitCodeOf(told);
  }
}

async function run(context: Context, named: string | undefined, options: Options): Promise<number> {
  const { terminal } = context;
  const home =
    options.data === undefined ? trialFolder(checkout) : resolve(context.surroundings.calledFrom, options.data);
  const folder = await chooseFolder(context, home, named, options);
  if (folder === undefined) return 2;
  await mkdir(home, { recursive: true, mode: 0o700 });
  terminal.note(`Everything is kept in ${shown(home)}`);

  const settings = await findSettings(home);
  const serviceFolder = join(home, "service");
  const credentials = settings ? undefined : await firstOrganization(home);
  const remembered = settings && Number(new URL(settings.service.url).port);
  const port = await freePort(remembered || PREFERRED_PORT);
  await using service = await startServiceProcess({
    dataFolder: serviceFolder,
    port,
    logPath: join(home, "service.log"),
  });
  terminal.note(`The service runs at ${service.address}, its log is ${shown(join(home, "service.log"))}`);

  if (credentials) {
    const { kind } = await describeMachine();
    const productKey = credentials.productKeys[kind];
    const address = { url: service.address };
    const { name } = await registerMachine({ dataFolder: home, address, productKey, kind, random: systemRandom });
    terminal.note(`This machine is registered as ${shown(name)}`);
    tellCredentials(terminal, credentials, kind);
    await rm(credentialsPath(home), { force: true });
  }
  await changeSettings(home, { service: { url: service.address }, roots: [folder] });
  const exitCode = await backUp(context, home, folder);
  if (options.once) return exitCode;

  terminal.line();
  terminal.line(
    terminal.style(
      "bold",
      `Serving at ${service.address}. Open it in a browser and log in as administrator; Ctrl-C stops it, what is stored stays.`,
    ),
  );
  const stopped = new Promise<"stopped">((done) => {
    if (interrupted.aborted) done("stopped");
    interrupted.addEventListener("abort", () => done("stopped"), { once: true });
  });
  if ((await Promise.race([stopped, service.ended])) !== "stopped")
    throw new HoldfastError("service/not-started", { reason: "it ended while it was serving" });
  terminal.note("\nStopping the service …");
  return exitCode;
}

/** Kept in a file until they were shown, so that a first run that is cut can be repeated. */
async function firstOrganization(home: string): Promise<Credentials> {
  const kept = await readFile(credentialsPath(home), "utf8").catch(() => undefined);
  if (kept !== undefined) return parseCredentials(kept);
  const made = await makeFirstOrganization(join(home, "service"));
  await writeDurably(credentialsPath(home), Buffer.from(JSON.stringify(made)), { mode: 0o600 });
  return made;
}

function credentialsPath(home: string): string {
  return join(home, "first-credentials.json");
}

async function backUp(context: Context, home: string, folder: string): Promise<number> {
  const { terminal, progress, timeZone, signal } = context;
  terminal.note(`Backing up ${shown(folder)}`);
  const report = await backup({
    dataFolder: home,
    type: "Manual",
    signal,
    onProgress: (now) => progress.update(backupProgress(now)),
  }).finally(() => progress.end());
  terminal.line(headline(context, report));
  for await (const record of listBackups({ dataFolder: home })) {
    tellRecord(terminal, record, timeZone);
    break;
  }
  reportProblems(terminal, report.problems, report.problemCount);
  const { calledFrom } = context.surroundings;
  const near = (path: string) => shorter(path, relative(calledFrom, path));
  terminal.lines(
    nextSteps({
      program: `node ${near(join(checkout, "cli", "bin.mjs"))}`,
      dataFolder: near(home),
      folder,
      file: await someFile(folder),
      snapshot: report.snapshot ?? 1,
    }),
  );
  return exitOf(report);
}

/** Throws `root/missing`. `undefined` when there is nothing to back up and that was said. */
async function chooseFolder(
  context: Context,
  home: string,
  named: string | undefined,
  options: Options,
): Promise<string | undefined> {
  const { terminal, signal } = context;
  // What an unset variable of a shell leaves is not the folder one is in.
  if (named === "") throw new HoldfastError("root/missing", { path: '""', reason: "the name is empty" });
  const sample = join(dirname(home), "holdfast-sample"); // Not in `home`, which is never backed up.
  if (options.sample) return await made(sample);
  const [remembered] = named === undefined ? ((await findSettings(home))?.roots ?? []) : [];
  if (named === undefined && remembered === undefined) {
    terminal.complain(
      "Which folder is to be backed up?\n\n  npm start -- <folder>     for example: npm start -- ~/documents",
    );
    terminal.complain("  npm start -- --sample     makes a small sample folder and backs that up\n");
    if (!streams.stdin.isTTY || !streams.stderr.isTTY) return undefined;
    const answer = await ask("Make the sample and back it up? [Y/n] ", streams, { echo: true, signal });
    return /^n/i.test(answer) ? undefined : await made(sample);
  }
  const path = remembered ?? resolve(context.surroundings.calledFrom, named ?? "");
  return await namedRoot(path, terminal, "folder");
}

async function made(sample: string): Promise<string> {
  await makeSample(sample);
  return sample;
}

/** For the examples: the first text that is found near the top, else the first file. */
async function someFile(folder: string): Promise<string | undefined> {
  const folders = [folder];
  let first: string | undefined;
  for (let looked = 0; looked < FOLDERS_LOOKED_INTO; looked++) {
    const next = folders.shift();
    if (next === undefined) break;
    const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
    const seen = entries.filter(({ name }) => !name.startsWith(".")).sort((a, b) => (a.name < b.name ? -1 : 1));
    const files = seen.filter((entry) => entry.isFile());
    const text = files.find(({ name }) => /\.(txt|md)$/i.test(name));
    if (text) return join(next, text.name);
    if (files[0]) first ??= join(next, files[0].name);
    folders.push(...seen.filter((entry) => entry.isDirectory()).map(({ name }) => join(next, name)));
  }
  return first;
}

function shorter(a: string, b: string): string {
  return b !== "" && !b.startsWith("..") && b.length < a.length ? b : a;
}
