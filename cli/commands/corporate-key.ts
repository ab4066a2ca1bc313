/** `holdfast corporate-key`: an organization's recovery key is made where its keeper sits; only its certificate goes to the service. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import {
  type AddCertificateOptions,
  addRecoveryCertificate,
  findSettings,
  makeRecoveryKey,
  openRecoveryKey,
} from "../../agent/index.ts";
import { writeNew } from "../../base/durable-file.ts";
import { systemRandom } from "../../base/random.ts";
import { type Context, optionError, parseFingerprint } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { type LoginOptions, type NewPassphraseOptions, readLogin, readNewPassphrase, withLogin } from "../secrets.ts";
import { facts } from "../table.ts";
import { moment } from "../units.ts";

const EXAMPLES = [
  ["holdfast corporate-key create --name Acme --out acme.p12", "asks for a passphrase; writes acme.p12 and acme.pem"],
  ["holdfast corporate-key upload acme.pem --service https://… --email admin@example.org", "makes it known"],
  ["holdfast register --service … --key ABCDE-…#<service>#<recovery fingerprint>", "a machine whose backups it opens"],
  ["holdfast restore --recovery-key acme.p12 --machine … --to /tmp/back", "how it is used"],
] as const;

export const define: Define = (command, act) => {
  command.addHelpText("after", examples(EXAMPLES));
  command
    .command("create")
    .description("Make a recovery key (RSA-3072) and its certificate. The key stays with you.")
    .requiredOption("--name <name>", "whose it is, for people")
    .requiredOption("--out <file.p12>", "the key, sealed with a passphrase; the certificate goes beside it as .pem")
    .option("--new-passphrase-file <file>", "its first line is the passphrase (or HOLDFAST_NEW_PASSPHRASE, or typed)")
    .addHelpText("after", examples(EXAMPLES.slice(0, 2)))
    .action(act(create));
  const upload: Command = command
    .command("upload")
    .description("Give the certificate to the service, as an administrator. It contains nothing secret.")
    .argument("<file.pem>", "the certificate")
    .option("--service <address>", "of a service that this machine is not registered with")
    .option("--fingerprint <hex>", "of that service's certificate")
    .addHelpText("after", examples(EXAMPLES.slice(1, 2)));
  withLogin(upload).action(act(send));
};

interface CreateOptions extends NewPassphraseOptions {
  readonly name: string;
  readonly out: string;
}

const NAME_MAX = 64;

async function create(context: Context, options: CreateOptions): Promise<undefined> {
  const { terminal, clock } = context;
  const name = options.name.trim();
  if (name.length > NAME_MAX || /\p{C}/u.test(name))
    throw optionError(context, "--name", `at most ${NAME_MAX} characters, no control characters`);
  const p12 = resolve(options.out);
  const pem = `${p12.replace(/\.(p12|pfx)$/i, "")}.pem`;
  const passphrase = await readNewPassphrase(context, options);
  terminal.note("Making the key …");
  const made = await makeRecoveryKey({ name, passphrase, now: clock.now(), random: systemRandom });
  for (const [path, bytes, mode] of [
    [p12, made.p12, 0o600],
    [pem, Buffer.from(made.certificate), 0o644],
  ] as const)
    await writeNew(path, bytes, { mode }).catch((error: NodeJS.ErrnoException) => {
      const reason = error.code === "EEXIST" ? "there is such a file already" : error.message;
      throw optionError(context, "--out", `${path}: ${reason}`);
    });
  // Backups will hang on this file: it must open.
  await openRecoveryKey(await readFile(p12), passphrase, p12);
  const { fingerprint } = made;
  if (terminal.manner.json) return terminal.json({ key: p12, certificate: pem, fingerprint }) as undefined;
  terminal.lines(
    facts([
      ["key", shown(p12)],
      ["certificate", shown(pem)],
      ["fingerprint", fingerprint],
    ]),
  );
  terminal.note(
    "Keep the key and its passphrase in two safe places: whoever has both reads every backup sealed to it,",
  );
  terminal.note(
    "and without them nobody does. Give the fingerprint to whoever sets machines up, not by way of the service.",
  );
}

interface UploadOptions extends LoginOptions {
  readonly service?: string;
  readonly fingerprint?: string;
}

async function send(context: Context, file: string, options: UploadOptions): Promise<undefined> {
  const { terminal, dataFolder, timeZone } = context;
  const certificate = await readFile(file, "utf8").catch((error: Error) => {
    throw optionError(context, file, `it can't be read: ${error.message}`);
  });
  // Said here: a key must not leave, not even sealed.
  if (/PRIVATE KEY/.test(certificate) || !certificate.includes("-----BEGIN CERTIFICATE-----"))
    throw optionError(context, file, "it is no certificate; give the .pem file, never the key");
  const settings = options.service === undefined ? await findSettings(dataFolder) : undefined;
  const url = options.service ?? settings?.service.url;
  if (url === undefined) throw optionError(context, "--service", "the service's address is missing");
  const fingerprint = parseFingerprint(context, options.fingerprint) ?? settings?.service.fingerprint;
  const address = { url, ...(fingerprint ? { fingerprint } : {}) };
  const given: AddCertificateOptions = { address, login: await readLogin(context, options), certificate };
  const added = await addRecoveryCertificate(given);
  if (terminal.manner.json) return terminal.json(added) as undefined;
  terminal.lines(
    facts([
      ["certificate", shown(added.name)],
      ["fingerprint", added.fingerprint],
      ["until", moment(added.notAfter, timeZone)],
    ]),
  );
  terminal.note("Machines can be registered with it now: --key <product key>#<service fingerprint>#<fingerprint>.");
}
