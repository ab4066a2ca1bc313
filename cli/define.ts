/** How a command describes itself. */
import type { Command } from "commander";
import type { Context } from "./context.ts";

/** A command's work; it returns its exit code, or nothing when it is done. */
export type Work = (context: Context, ...operands: never[]) => Promise<number | undefined>;

/** Each command's file exports this: arguments, options, help; `act` is what runs. */
export type Define = (command: Command, act: (work: Work) => (...operands: unknown[]) => Promise<void>) => void;

/** For `addHelpText("after", …)`. */
export function examples(lines: readonly (readonly [command: string, what: string])[]): string {
  return `\nExamples:\n${lines.map(([command, what]) => `  $ ${command}\n      ${what}`).join("\n")}`;
}
