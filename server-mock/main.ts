/** `holdfast-server`: starts the service, and looks after it from its own machine. */
import { Command, Option } from "commander";
import { keepMemoryLean } from "../base/lean-memory.ts";
import { quietWarnings } from "../base/quiet-warnings.ts";
import { EXIT_CODES } from "../protocol/error-codes.ts";
import { asHoldfastError, type HoldfastError } from "../protocol/errors.ts";
import { VERSION } from "../protocol/version.ts";
import { initCommand } from "./commands/init.ts";
import { keysCommand } from "./commands/keys.ts";
import { statusCommand } from "./commands/status.ts";
import { usersCommand } from "./commands/users.ts";
import { DEFAULT_LISTEN, readConfig } from "./config.ts";
import { LOG_LEVELS, type LogLevel } from "./http/log.ts";
import { startService } from "./service.ts";

const EXAMPLES = `
Examples:
  holdfast-server init --data ./service       first organization, admin, user and product keys; shown once
  holdfast-server start --data ./service      serve on ${DEFAULT_LISTEN}, plain HTTP, this machine only
  holdfast-server start --data ./service --listen 0.0.0.0:8470
                                              serve the network over TLS; prints the certificate's fingerprint
  holdfast-server keys create --data ./service --user user@example.com --kind server --count 3

Environment: HOLDFAST_DATA, HOLDFAST_LISTEN; options win.`;

quietWarnings();
const program = new Command("holdfast-server")
  .description("The Holdfast service: accounts, quotas, records, and bytes it can't read.")
  .version(VERSION)
  .addHelpText("after", EXAMPLES)
  .exitOverride();

program
  .command("start")
  .description("serve until SIGINT or SIGTERM")
  .option("--data <folder>", "database, storage and keys")
  .option("--listen <host:port>", "where to listen; TLS is used beyond loopback")
  .option("--port <port>", "another port; 0 takes any free one")
  .addOption(new Option("--log <level>", "what goes to standard error").choices(LOG_LEVELS).default("info"))
  .addOption(new Option("--until-stdin-ends", "stop when whoever started it has gone").hideHelp())
  .action(start);
program.addCommand(initCommand());
program.addCommand(keysCommand());
program.addCommand(usersCommand());
program.addCommand(statusCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

interface StartOptions {
  readonly data?: string;
  readonly listen?: string;
  readonly port?: string;
  readonly log?: LogLevel;
  readonly untilStdinEnds?: boolean;
}

async function start(options: StartOptions): Promise<void> {
  const service = await startService(readConfig(options));
  await keepMemoryLean();
  const stop = () => {
    process.stdin.destroy(); // While it is read the process would not end.
    service.close().catch((error: unknown) => {
      process.exitCode = report(error);
    });
  };
  // A second signal finds no handler and ends the process at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  if (options.untilStdinEnds) {
    // Whoever reads the log may be gone by then, too.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
    process.stdin.once("close", stop).resume();
  }
  if (service.fingerprint !== undefined) console.log(`certificate fingerprint: ${service.fingerprint}`);
  console.log(`holdfast-server listening on ${service.address}`);
}

function report(error: unknown): number {
  // commander has said what it had to say.
  if (error instanceof Error && "exitCode" in error) return Number(error.exitCode) === 0 ? 0 : EXIT_CODES.usage;
  const known: HoldfastError = asHoldfastError(error);
  console.error(`holdfast-server: ${known.message}\n${known.hint}\n(${known.code})`);
  if (known.kind === "bug") console.error(error);
  return EXIT_CODES[known.kind];
}
