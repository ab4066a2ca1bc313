/** `holdfast-server start`: serves until it is told to stop. */
import { Command, Option } from "commander";
import { keepMemoryLean } from "../../base/lean-memory.ts";
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
  const service = await startService(readConfig(options));
  await keepMemoryLean();
  const stop = () => {
    process.stdin.destroy(); // While it is read the process would not end.
    service.close().catch(report);
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
