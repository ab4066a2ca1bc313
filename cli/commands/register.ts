/** `holdfast register`: this machine gets an identity at a service, and keys of its own. */
import { Option } from "commander";
import { type MachineKind, recoverMachine, registerMachine, replaceMachine } from "../../agent/index.ts";
import { systemRandom } from "../../base/random.ts";
import { type EnrolmentCode, parseEnrolmentCode } from "../../protocol/enrolment-code.ts";
import type { Encryption } from "../../protocol/messages/machines.ts";
import { type Context, optionError, parseFingerprint } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { type OpenerOptions, openersOf, withOpeners } from "../openers.ts";
import { type LoginOptions, readLogin, readPassphrase, withLogin, withPassphrase } from "../secrets.ts";
import { enrolSilently } from "../silent-enrolment.ts";
import { facts } from "../table.ts";
import { enrolmentText } from "./enrol.ts";

interface Options extends LoginOptions, OpenerOptions {
  readonly service?: string;
  readonly fingerprint?: string;
  readonly key?: string;
  readonly name?: string;
  readonly recoveryFingerprint?: string;
  readonly ownPassphrase?: boolean;
  readonly kind?: MachineKind;
  readonly recover?: boolean;
  readonly machine?: string;
  readonly replace?: string;
  readonly from?: string;
  readonly wipe?: boolean;
}

export const define: Define = (command, act) => {
  command
    .option("--service <address>", "for example https://backup.example.org:8470")
    .option("--fingerprint <hex>", "of the service's certificate, as its operator gave it to you")
    .option("--key <product key>", "or an enrolment code, from an administrator; without it you log in")
    .option("--name <name>", "what this machine is called (default: its host name)")
    .option("--recovery-fingerprint <hex>", "your organization's recovery key opens the backups, the service does not")
    .option("--own-passphrase", "only your passphrase opens the backups; nobody can reset it")
    .addOption(new Option("--kind <kind>", "when the guess is wrong").choices(["desktop", "server"]))
    .option("--recover", "this machine was registered before and its settings are lost")
    .option("--machine <id>", "with --recover: which machine this is (default: the one of the same name)")
    .option("--replace <code>", "this computer takes over another one's history, with a code from an administrator")
    .option(
      "--from <file>",
      "silently, with what a file says and the environment (`holdfast enrol --help`); again is no error",
    )
    .option("--wipe", "with --from: take keys and passwords out of the file afterwards")
    .addHelpText(
      "after",
      examples([
        ["holdfast register --service http://127.0.0.1:8470 --key ABCDE-FGHJK-MNPQR-STVWX", "with a product key"],
        ["holdfast register --service https://backup.example.org:8470 --email ada@example.org", "with your log-in"],
        [
          "holdfast register --service … --key … --own-passphrase",
          "not even the service's operator can read your files",
        ],
        [
          "holdfast register --service … --email ada@example.org --recover --name desk",
          "after a new disk: the machine called desk again",
        ],
        ["holdfast register --service … --replace <code>", "on new hardware, with a code from an administrator"],
      ]),
    )
    .action(act(register));
  withOpeners(withPassphrase(withLogin(command)));
};

async function register(context: Context, options: Options): Promise<undefined> {
  const { terminal, dataFolder } = context;
  const { service: url, name, from, wipe } = options;
  if (from !== undefined) {
    const done = await enrolSilently(context, { from, wipe });
    if (terminal.manner.json) terminal.json(done);
    else terminal.line(enrolmentText(done));
    return;
  }
  if (!url) throw optionError(context, "--service", "the service's address is missing");
  if (options.ownPassphrase && options.recoveryFingerprint !== undefined)
    throw optionError(context, "--recovery-fingerprint", "a machine has one key: not together with --own-passphrase");
  const code = options.key === undefined ? undefined : parseEnrolmentCode(options.key);
  if (options.key !== undefined && code === undefined)
    throw optionError(
      context,
      "--key",
      "an enrolment code is a product key, then one or two fingerprints, with # between",
    );
  const fingerprint = parseFingerprint(context, options.fingerprint) ?? code?.fingerprint;
  const recoveryFingerprint =
    parseFingerprint(context, options.recoveryFingerprint, "--recovery-fingerprint") ?? code?.recoveryFingerprint;
  const address = { url, ...(fingerprint ? { fingerprint } : {}) };
  const common = { dataFolder, address, random: systemRandom, name, kind: options.kind };
  const registered = await enrol(
    context,
    { ...options, ...code, ...(recoveryFingerprint ? { recoveryFingerprint } : {}) },
    common,
  );
  if (terminal.manner.json) {
    terminal.json(registered);
    return;
  }
  terminal.line(`Registered ${shown(registered.name)}.`);
  terminal.lines(
    facts([
      ["  machine", registered.machine],
      ["  user", shown(`${registered.user}, ${registered.organization}`)],
      ["  encryption", ENCRYPTIONS[registered.encryption]],
      ["  data", shown(dataFolder)],
    ]),
  );
  if (registered.encryption === "custom")
    terminal.note(
      "Write the passphrase down and keep it safe: without it nobody can restore, and nobody can reset it.",
    );
  terminal.note("Next: holdfast backup <folder>");
}

const ENCRYPTIONS: Readonly<Record<Encryption, string>> = {
  default: "key kept by the service",
  custom: "your own passphrase",
  corporate: "your organization's recovery key",
};

/** By the first that is given: a replacement code, a recovery, a product key, a log-in. */
async function enrol(
  context: Context,
  options: Omit<Options, "recoveryFingerprint"> & Partial<EnrolmentCode>,
  common: Omit<Parameters<typeof registerMachine>[0], "passphrase">,
): ReturnType<typeof registerMachine> {
  const { productKey, recoveryFingerprint, machine, recover = false, replace: code } = options;
  const openers = openersOf(context, options);
  if (code !== undefined) return await replaceMachine({ ...common, code, ...openers });
  if (recover)
    return await recoverMachine({ ...common, login: await readLogin(context, options), machine, ...openers });
  return await registerMachine({
    ...common,
    productKey,
    recoveryFingerprint,
    login: productKey ? undefined : await readLogin(context, options),
    passphrase: await newPassphrase(context, options),
  });
}

async function newPassphrase(context: Context, options: Options): Promise<string | undefined> {
  if (options.ownPassphrase) return readPassphrase(context, options, { isNew: true });
  if (options.passphraseFile !== undefined)
    throw optionError(context, "--passphrase-file", "goes together with --own-passphrase");
  return undefined;
}
