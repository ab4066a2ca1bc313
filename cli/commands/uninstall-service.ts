/** `holdfast uninstall-service`: the agent no longer starts. What it knows stays, unless the person says its name. */
import { findSettings, purgeOwnData, uninstallUnit } from "../../agent/index.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { ask } from "../prompt.ts";
import { type ScopeOptions, unitOptions, withScope } from "../unit-scope.ts";

interface Options extends ScopeOptions {
  readonly purge?: boolean;
  readonly confirm?: string;
}

export const define: Define = (command, act) => {
  withScope(command)
    .option("--purge", "and remove this machine's settings, keys and state; backups stay with the service")
    .option("--confirm <machine name>", "with --purge: the name, for scripts (asked for otherwise)")
    .addHelpText(
      "after",
      examples([
        ["holdfast uninstall-service", "the agent stops and starts no more; `holdfast backup` works as before"],
        ["holdfast uninstall-service --purge --confirm desk", "the machine called desk is given up"],
      ]),
    )
    .action(act(uninstall));
};

async function uninstall(context: Context, options: Options): Promise<undefined> {
  const { terminal, dataFolder } = context;
  const { purge = false } = options;
  // Asked before anything is done.
  if (purge) await confirm(context, options);
  const { unit, path, was } = await uninstallUnit(unitOptions(context, options));
  const left = purge ? await purgeOwnData(dataFolder) : undefined;
  if (terminal.manner.json) {
    terminal.json({ unit, path, removed: was, purged: purge, left });
    return;
  }
  terminal.line(was ? `${shown(unit)} is stopped and removed` : `There was no ${shown(unit)} (${shown(path)})`);
  if (left === undefined) terminal.note(`Settings, keys and state stay in ${dataFolder}.`);
  else terminal.line(`Removed what this machine kept in ${shown(dataFolder)}. Its backups are still with the service.`);
  if (left && left.length > 0)
    terminal.note(`What is not ours stays there: ${left.slice(0, 5).join(", ")}${left.length > 5 ? ", …" : ""}`);
}

/** Throws `purge/not-confirmed`, `settings/invalid`. */
async function confirm({ dataFolder, terminal, signal }: Context, { confirm: said }: Options): Promise<void> {
  const refuse = (reason: string): never => {
    throw new HoldfastError("purge/not-confirmed", { reason });
  };
  const settings = await findSettings(dataFolder);
  if (!settings) return refuse(`no machine is registered in ${dataFolder}`);
  const { streams } = terminal;
  if (said === undefined && !(streams.stdin.isTTY && streams.stderr.isTTY)) return refuse("nobody can be asked here");
  const question = `Type ${shown(settings.name)} to give this machine's keys up: `;
  const name = said ?? (await ask(question, streams, { echo: true, signal })).trim();
  if (name !== settings.name) refuse(`${name} is not this machine's name`);
}
