/** Whose unit a command means, as its options say it. */
import type { Command } from "commander";
import type { UnitOptions } from "../agent/index.ts";
import { type Context, optionError } from "./context.ts";

export interface ScopeOptions {
  readonly user?: boolean;
  readonly system?: boolean;
  readonly name?: string;
}

export const withScope = (command: Command): Command =>
  command
    .option("--system", "with the machine, as root: for all files (default for root)")
    .option("--user", "with your log-in, as you: for your own files (default for everybody else)")
    .option("--name <name>", "of the unit, when there are several (default: holdfast)");

/** Throws `option/invalid`. */
export function unitOptions(context: Context, { user, system, name }: ScopeOptions): UnitOptions {
  if (user && system) throw optionError(context, "--user", "not together with --system");
  const isRoot = process.platform !== "win32" && process.getuid?.() === 0;
  const scope = system || (isRoot && !user) ? "system" : "user";
  const configHome = context.surroundings.environment.XDG_CONFIG_HOME || undefined;
  return { dataFolder: context.dataFolder, scope, name, configHome };
}
