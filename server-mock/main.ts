/** `holdfast-server`: starts the service, and looks after it from its own machine. */
import { Command } from "commander";
import { quietWarnings } from "../base/quiet-warnings.ts";
import { EXIT_CODES } from "../protocol/error-codes.ts";
import { asHoldfastError, type HoldfastError } from "../protocol/errors.ts";
import { VERSION } from "../protocol/version.ts";
import { checkCommand } from "./commands/check.ts";
import { collectCommand } from "./commands/collect.ts";
import { configCommand } from "./commands/config.ts";
import { createAdminCommand } from "./commands/create-admin.ts";
import { initCommand } from "./commands/init.ts";
import { keysCommand } from "./commands/keys.ts";
import { mailsCommand } from "./commands/mails.ts";
import { migrateStorageCommand } from "./commands/migrate-storage.ts";
import { rebuildCommand } from "./commands/rebuild.ts";
import { resetPasswordCommand } from "./commands/reset-password.ts";
import { scrubCommand } from "./commands/scrub.ts";
import { backupSelfCommand, restoreSelfCommand } from "./commands/self-backup.ts";
import { startCommand } from "./commands/start.ts";
import { statusCommand } from "./commands/status.ts";
import { updatesCommand } from "./commands/updates.ts";
import { usersCommand } from "./commands/users.ts";
import { verifyRecordsCommand } from "./commands/verify-records.ts";
import { SETTINGS } from "./settings/settings.ts";

const EXAMPLES = `
Examples:
  holdfast-server init --data ./service       first organization, admin, user and product keys; shown once
  holdfast-server start --data ./service      serve on ${SETTINGS.listen.default}, plain HTTP, this machine only
  holdfast-server start --data ./service --listen 0.0.0.0:8470
                                              serve the network over TLS; prints the certificate's fingerprint
  holdfast-server keys create --data ./service --user user@example.com --kind server --count 3

Every setting is an option of start, a variable (HOLDFAST_LISTEN) or a line of holdfast-server.json; options win.
'holdfast-server config' shows what is in force, and where it comes from.`;

quietWarnings();
const program = new Command("holdfast-server")
  .description("The Holdfast service: accounts, quotas, records, and bytes it can't read.")
  .version(VERSION)
  .addHelpText("after", EXAMPLES)
  .exitOverride();

program.addCommand(
  startCommand((error) => {
    process.exitCode = report(error);
  }),
);
program.addCommand(configCommand());
program.addCommand(initCommand());
program.addCommand(keysCommand());
program.addCommand(usersCommand());
program.addCommand(updatesCommand());
program.addCommand(mailsCommand());
program.addCommand(statusCommand());
program.addCommand(createAdminCommand());
program.addCommand(resetPasswordCommand());
program.addCommand(backupSelfCommand());
program.addCommand(restoreSelfCommand());
program.addCommand(verifyRecordsCommand());
program.addCommand(checkCommand());
program.addCommand(scrubCommand());
program.addCommand(collectCommand());
program.addCommand(rebuildCommand());
program.addCommand(migrateStorageCommand());

// Commands that are made elsewhere inherit nothing: each would end the process by itself.
for (const command of [...program.commands, ...program.commands.flatMap((each) => each.commands)])
  command.exitOverride();
// Whoever reads our output has gone (`| head`): nothing more to say, and nobody to say it to.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" && program.args[0] !== "start") process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  // commander has said what it had to say.
  if (error instanceof Error && "exitCode" in error) return Number(error.exitCode) === 0 ? 0 : EXIT_CODES.usage;
  const known: HoldfastError = asHoldfastError(error);
  console.error(`holdfast-server: ${known.message}\n${known.hint}\n(${known.code})`);
  if (known.kind === "bug") console.error(error);
  return EXIT_CODES[known.kind];
}
