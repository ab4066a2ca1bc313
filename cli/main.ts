/** The command line's beginning and end: arguments and signals in, an exit code out. The only `process.exit` of `holdfast`. */

import { quietWarnings } from "../base/quiet-warnings.ts";
import { asHoldfastError, HoldfastError, toErrorBody } from "../protocol/errors.ts";
import { runCommand } from "./commands.ts";
import { EXIT_DONE, EXIT_INTERRUPTED, exitCodeOf } from "./exit.ts";
import { onInterrupt } from "./interrupt.ts";
import { shownText } from "./names.ts";
import { readSurroundings } from "./settings.ts";
import { type Streams, Terminal } from "./terminal.ts";

quietWarnings();
const argv = process.argv.slice(2);
// Opened when asked for: most commands read nothing.
const streams: Streams = {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
};
const interrupted = onInterrupt({
  // A live line may be on the screen: begin below it.
  first: () =>
    argv.some((word) => word === "--quiet" || word === "--json") ||
    streams.stderr.write("\nStopping; press Ctrl-C again to stop at once.\n"),
  second: () => process.exit(EXIT_INTERRUPTED),
});
// Whoever reads our output has gone (`| head`): nothing more to say, and nobody to say it to.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT_DONE : 1));

const exitCode = await run();
await new Promise((resolve) => streams.stdout.write("", resolve));
process.exit(exitCode);

async function run(): Promise<number> {
  try {
    const code = await runCommand(argv, { streams, surroundings: readSurroundings(), signal: interrupted });
    return interrupted.aborted ? EXIT_INTERRUPTED : code;
  } catch (error) {
    const told = interrupted.aborted ? new HoldfastError("command/interrupted") : asHoldfastError(error);
    tell(told, error);
    return exitCodeOf(told);
  }
}

function tell(error: HoldfastError, thrown: unknown): void {
  const manner = {
    json: argv.includes("--json"),
    quiet: argv.includes("--quiet"),
    verbose: argv.includes("--verbose"),
    color: !argv.includes("--no-color"),
  };
  const terminal = new Terminal(streams, manner);
  if (manner.json) {
    terminal.complain(JSON.stringify({ error: toErrorBody(error) }));
    return;
  }
  terminal.complain(`${terminal.styleError("red", "error:")} ${shownText(error.message)}`);
  terminal.complain(
    `  ${shownText(error.hint.replaceAll("  ", " "))}  ${terminal.styleError("dim", `[${error.code}]`)}`,
  );
  if ((manner.verbose || error.kind === "bug") && thrown instanceof Error) terminal.complain(stackOf(thrown));
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${stackOf(error.cause)}` : "";
  return shownText(`${error.stack ?? error.message}${cause}`);
}
