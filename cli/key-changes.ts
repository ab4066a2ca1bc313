/** `holdfast keys change-passphrase | to-custom | to-default | to-corporate | store`. */
import { changeKey, loadSettings, mayUseKeyKind, type NewKey, ownMachine, storeKeys } from "../agent/index.ts";
import type { Encryption } from "../protocol/messages/machines.ts";
import { type Context, optionError, parseFingerprint } from "./context.ts";
import { type OpenerOptions, openersOf } from "./openers.ts";
import { type LoginOptions, type NewPassphraseOptions, readLogin, readNewPassphrase } from "./secrets.ts";

export interface KeyOptions extends LoginOptions, OpenerOptions, NewPassphraseOptions {
  readonly recoveryFingerprint?: string;
}

export async function changePassphrase(context: Context, options: KeyOptions): Promise<undefined> {
  const kind = await currentKind(context);
  if (kind !== "custom")
    throw optionError(context, context.command, `this machine has a ${kind} key, not a passphrase; see to-custom`);
  await change(context, options, { kind: "custom", passphrase: await readNewPassphrase(context, options) });
}

export async function toCustom(context: Context, options: KeyOptions): Promise<undefined> {
  if ((await currentKind(context)) === "custom")
    throw optionError(context, context.command, "this machine has a passphrase already; see change-passphrase");
  await mayUseKeyKind(context.dataFolder, "custom");
  await change(context, options, { kind: "custom", passphrase: await readNewPassphrase(context, options) });
}

export async function toDefault(context: Context, options: KeyOptions): Promise<undefined> {
  if ((await currentKind(context)) === "default")
    throw optionError(context, context.command, "this machine's key is the service's already");
  await mayUseKeyKind(context.dataFolder, "default");
  await change(context, options, { kind: "default" });
}

/** Also to another certificate than the one that there is. */
export async function toCorporate(context: Context, options: KeyOptions): Promise<undefined> {
  const option = "--recovery-fingerprint";
  const fingerprint = parseFingerprint(context, options.recoveryFingerprint, option);
  if (fingerprint === undefined) throw optionError(context, option, "missing; your administrator has it");
  await mayUseKeyKind(context.dataFolder, "corporate");
  await change(context, options, { kind: "corporate", fingerprint });
}

export async function store({ dataFolder, terminal }: Context, where: "keystore" | "file"): Promise<undefined> {
  await storeKeys(dataFolder, where);
  if (terminal.manner.json) terminal.json({ store: where });
  else if (where === "file") terminal.line("The keys are in a file that only you can read.");
  else terminal.line("The keys are sealed; what opens them is in the system's keystore.");
  return;
}

const currentKind = async ({ dataFolder }: Context): Promise<Encryption> =>
  (await (await ownMachine(dataFolder)).remote.machine()).encryption;

const DONE: Readonly<Record<Encryption, string>> = {
  default: "The service keeps the key: you and administrators of your organization can restore after logging in.",
  custom: "Only the passphrase opens this machine's backups.",
  corporate: "Only your organization's recovery key opens this machine's backups.",
};

async function change(context: Context, options: KeyOptions, to: NewKey): Promise<undefined> {
  const { terminal, dataFolder, clock } = context;
  const { email } = await loadSettings(dataFolder);
  const login = await readLogin(context, options, email);
  terminal.note("Changing the key …");
  const changed = await changeKey({ dataFolder, login, clock, ...openersOf(context, options) }, to);
  if (terminal.manner.json) {
    terminal.json(changed);
    return;
  }
  terminal.line(DONE[changed.encryption]);
  terminal.line("It counts for all backups there are, and nothing was sent again.");
  if (to.kind === "default") return;
  terminal.note(
    "A recovery kit that was made before still opens them; so does what opened them until now, for whoever kept an older copy of the service's database.",
  );
  if (to.kind === "custom")
    terminal.note(
      "Nobody can reset the passphrase: keep it safe, and make a recovery kit (holdfast keys recovery-kit).",
    );
}
