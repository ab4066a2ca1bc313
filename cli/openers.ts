/** The options with which a person opens what the service can't, or does without what it has. */
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { openRecoveryKey, openRecoveryKit } from "../agent/index.ts";
import { type Context, optionError } from "./context.ts";
import { ask, readSecret } from "./prompt.ts";
import { type PassphraseOptions, readPassphrase } from "./secrets.ts";

export interface OpenerOptions extends PassphraseOptions {
  readonly kit?: string;
  readonly recoveryKey?: string;
  readonly recoveryKeyPassphraseFile?: string;
}

const GROUP = "Log-in:";
const KIT_BYTES_MAX = 64 * 1024;
/** Of a terminal: whoever mistypes a word tries again. */
const TRIES = 5;

/** Beside `withPassphrase`. */
export const withOpeners = (command: Command): Command =>
  command
    .addOption(new Option("--kit <file>", "a recovery kit; - types its words").helpGroup(GROUP))
    .addOption(new Option("--recovery-key <file.p12>", "your organization's, for corporate keys").helpGroup(GROUP))
    .addOption(
      new Option(
        "--recovery-key-passphrase-file <file>",
        "its first line is that file's passphrase (or HOLDFAST_RECOVERY_KEY_PASSPHRASE, or typed)",
      ).helpGroup(GROUP),
    );

/** Each is asked for when it is needed. */
export function openersOf(context: Context, options: OpenerOptions) {
  const { kit, recoveryKey } = options;
  if (kit !== undefined && recoveryKey !== undefined)
    throw optionError(context, "--kit, --recovery-key", "one of them is enough");
  return {
    passphrase: () => readPassphrase(context, options, { isNew: false }),
    kit: kit === undefined ? undefined : () => readKit(context, kit),
    recoveryKey: recoveryKey === undefined ? undefined : () => readRecoveryKey(context, recoveryKey, options),
  };
}

async function readKit(context: Context, path: string) {
  if (path !== "-") return await openRecoveryKit((await readGiven(context, "--kit", path, KIT_BYTES_MAX)).toString());
  const { streams } = context.terminal;
  if (!streams.stdin.isTTY || !streams.stderr.isTTY)
    throw optionError(context, "--kit", "there is no terminal to type the words on");
  for (let left = TRIES; ; left--) {
    const typed = await ask("The 24 words of the recovery kit: ", streams, { echo: true, signal: context.signal });
    try {
      return await openRecoveryKit(typed);
    } catch (error) {
      if (left <= 1 || !(error instanceof Error)) throw error;
      context.terminal.complain(`${error.message} Try again.`);
    }
  }
}

async function readRecoveryKey(context: Context, path: string, options: OpenerOptions) {
  const bytes = await readGiven(context, "--recovery-key", path, KIT_BYTES_MAX);
  const passphrase = await readSecret(
    {
      what: "passphrase",
      option: "--recovery-key-passphrase-file",
      file: options.recoveryKeyPassphraseFile,
      variable: "HOLDFAST_RECOVERY_KEY_PASSPHRASE",
      value: context.surroundings.recoveryKeyPassphrase,
      question: `Passphrase of ${path}: `,
      command: context.command,
    },
    context.terminal.streams,
    context.signal,
  );
  return await openRecoveryKey(bytes, passphrase, path);
}

async function readGiven(context: Context, option: string, path: string, bytesMax: number): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw optionError(context, option, `${path} can't be read: ${error.message}`);
  });
  if (bytes.length > bytesMax) throw optionError(context, option, `${path} is far too large`);
  return bytes;
}
