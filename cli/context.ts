/** What every command gets: where to speak, where the machine's data is, the time, and when to stop. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { type Clock, systemClock } from "../base/clock.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { Progress } from "./progress.ts";
import type { Surroundings } from "./settings.ts";
import { type Streams, Terminal } from "./terminal.ts";
import { parseWhen, type When } from "./when.ts";

export interface Host {
  readonly streams: Streams;
  readonly surroundings: Surroundings;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

export interface Context {
  /** For messages and help. */
  readonly command: string;
  readonly dataFolder: string;
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly surroundings: Surroundings;
  when(text: string): When;
  /** Local time with its zone. */
  readonly timeZone: string;
}

export interface GlobalOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

export function makeContext(command: Command, host: Host): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  const { json = false, quiet = false, verbose = false, color = true } = options;
  const clock = host.clock ?? systemClock;
  const terminal = new Terminal(host.streams, { json, quiet, verbose, color });
  const { timeZone } = host.surroundings;
  return {
    command: pathOf(command),
    dataFolder: options.data === undefined ? host.surroundings.dataFolder : resolve(options.data),
    terminal,
    progress: new Progress(terminal, clock),
    clock,
    signal: host.signal,
    surroundings: host.surroundings,
    when: (text) => parseWhen(text, { nowMs: clock.now(), timeZone, command: pathOf(command) }),
    timeZone,
  };
}

/** With the command that it belongs to: `keys status`. */
export const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** Throws `option/invalid`. */
export function optionError(context: Context, option: string, reason: string): HoldfastError {
  return new HoldfastError("option/invalid", { option, reason, command: context.command });
}

/** As people copy it: in groups, with colons or spaces. Throws `option/invalid`. */
export function parseFingerprint(
  context: Context,
  text: string | undefined,
  option = "--fingerprint",
): string | undefined {
  if (text === undefined) return undefined;
  const digits = text.replace(/[\s:-]/g, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw optionError(context, option, "a fingerprint has 64 hexadecimal digits; put groups in quotes");
}
