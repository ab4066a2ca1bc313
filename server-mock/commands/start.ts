/** `holdfast-server start`: serves until it is told to stop. */
import { Command, Option } from "commander";
import { keepMemoryLean } from "../../base/lean-memory.ts";
import { asHoldfastError } from "../../protocol/errors.ts";
import { type GivenOptions, readConfig } from "../config.ts";
import { startService } from "../service.ts";
import { optionOf, settingRows } from "../settings/settings.ts";
import { CONFIG_OPTION } from "./with-domain.ts";

/** `report` tells what failed while it stopped. */
export function startCommand(report: (error: unknown) => void): Command {
  const command = new Command("start").description("serve until SIGINT or SIGTERM").option(...CONFIG_OPTION);
  for (const [name, setting] of settingRows()) {
    if (setting.secret) continue;
    const shown = setting.default ? ` (default: ${setting.default})` : "";
    command.option(`${optionOf(name)} ${setting.value}`, `${setting.says}${shown}`);
  }
  return command
    .addOption(new Option("--until-stdin-ends", "stop when whoever started it has gone").hideHelp())
    .action((options: GivenOptions) => start(options, report));
}

async function start(options: GivenOptions, report: (error: unknown) => void): Promise<void> {
  const config = readConfig(options);
  const service = await startService(config);
  await keepMemoryLean();
  const stop = () => {
    process.stdin.destroy(); // While it is read the process would not end.
    service.close().catch(report);
  };
  // A second signal finds no handler and ends the process at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  // As programs that renew certificates expect. Without one of the operator's, a terminal that closes ends the service as ever.
  if (config.tlsCert !== undefined) process.on("SIGHUP", () => void service.renewCertificate().catch(complain));
  if (options.untilStdinEnds) {
    // Whoever reads the log may be gone by then, too.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
    process.stdin.once("close", stop).resume();
  }
  if (service.fingerprint !== undefined) console.log(`certificate fingerprint: ${service.fingerprint}`);
  console.log(`holdfast-server listening on ${service.address}`);
}

/** It goes on with the certificate that it has. */
const complain = (error: unknown): void => console.error(`holdfast-server: ${asHoldfastError(error).message}`);
