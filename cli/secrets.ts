/** The options of commands that log in or need a passphrase, and how they are answered. */
import { type Command, Option } from "commander";
import { type Context, optionError } from "./context.ts";
import { ask, readSecret, type SecretSource } from "./prompt.ts";

export interface LoginOptions {
  readonly email?: string;
  readonly passwordFile?: string;
  readonly code?: string;
}

export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

export const withLogin = (command: Command): Command =>
  command
    .addOption(new Option("--email <address>", "who logs in").helpGroup("Log-in:"))
    .addOption(
      new Option("--password-file <file>", "its first line is the password (or HOLDFAST_PASSWORD, or typed)").helpGroup(
        "Log-in:",
      ),
    )
    .addOption(
      new Option("--code <code>", "of a second factor, or a recovery code (asked for when it is needed)").helpGroup(
        "Log-in:",
      ),
    );

export const withPassphrase = (command: Command): Command =>
  command.addOption(
    new Option(
      "--passphrase-file <file>",
      "its first line is the passphrase (or HOLDFAST_PASSPHRASE, or typed)",
    ).helpGroup("Log-in:"),
  );

/** Throws `option/invalid` when something is missing and nobody can be asked. */
export async function readLogin(
  context: Context,
  options: LoginOptions,
  remembered?: string,
): Promise<{ email: string; password: string; code: () => Promise<string> }> {
  const email = options.email ?? remembered ?? (await askEmail(context));
  const password = await readSecret(
    {
      what: "password",
      option: "--password-file",
      file: options.passwordFile,
      variable: "HOLDFAST_PASSWORD",
      value: context.surroundings.password,
      question: `Password of ${email}: `,
      command: context.command,
    },
    context.terminal.streams,
    context.signal,
  );
  return { email, password, code: () => readCode(context, options) };
}

/** Asked only when the service asks for it. */
async function readCode(context: Context, { code }: LoginOptions): Promise<string> {
  if (code !== undefined) return code;
  const { streams } = context.terminal;
  if (!streams.stdin.isTTY || !streams.stderr.isTTY)
    throw optionError(context, "--code", "this account has a second factor, and there is no terminal to ask on");
  return (await ask("Code of your second factor: ", streams, { echo: true, signal: context.signal })).trim();
}

/** The service keeps what a passphrase can be tried against: a short one would keep nothing from it. */
const PASSPHRASE_CHARACTERS_MIN = 10;

export interface NewPassphraseOptions {
  readonly newPassphraseFile?: string;
}

/** One that takes another's place: the other one may be asked for, too. */
export const readNewPassphrase = (context: Context, { newPassphraseFile }: NewPassphraseOptions): Promise<string> =>
  askPassphrase(context, true, {
    option: "--new-passphrase-file",
    file: newPassphraseFile,
    variable: "HOLDFAST_NEW_PASSPHRASE",
    value: context.surroundings.newPassphrase,
  });

export const readPassphrase = (
  context: Context,
  { passphraseFile }: PassphraseOptions,
  { isNew }: { isNew: boolean },
): Promise<string> =>
  askPassphrase(context, isNew, {
    option: "--passphrase-file",
    file: passphraseFile,
    variable: "HOLDFAST_PASSPHRASE",
    value: context.surroundings.passphrase,
  });

async function askPassphrase(
  context: Context,
  isNew: boolean,
  source: Pick<SecretSource, "option" | "file" | "variable" | "value">,
): Promise<string> {
  const passphrase = await readSecret(
    {
      what: "passphrase",
      ...source,
      question: isNew ? "New passphrase: " : "Passphrase of this machine's backups: ",
      twice: isNew,
      command: context.command,
    },
    context.terminal.streams,
    context.signal,
  );
  if (isNew && Array.from(passphrase).length < PASSPHRASE_CHARACTERS_MIN)
    throw optionError(
      context,
      "passphrase",
      `it has fewer than ${PASSPHRASE_CHARACTERS_MIN} characters; take some words`,
    );
  return passphrase;
}

async function askEmail(context: Context): Promise<string> {
  const { streams } = context.terminal;
  if (!streams.stdin.isTTY || !streams.stderr.isTTY)
    throw optionError(context, "--email", "nobody named and no terminal to ask on");
  return (await ask("E-mail address: ", streams, { echo: true, signal: context.signal })).trim();
}
