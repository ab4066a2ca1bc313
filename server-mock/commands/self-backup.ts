/** `holdfast-server backup-self` and `restore-self`: the service's database and keys, as one sealed file. */
import { join } from "node:path";
import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { systemRandom } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { type Config, readConfig } from "../config.ts";
import { databasePath, keysFolder } from "../data-folder.ts";
import { enginesOf } from "../engines.ts";
import { openDomain } from "../open-domain.ts";
import { backUpSelf } from "../self-backup/back-up-self.ts";
import { databaseCopier } from "../self-backup/copy-database.ts";
import { restoreSelf } from "../self-backup/restore-self.ts";
import { readSecret } from "./read-secret.ts";
import { CONFIG_OPTION, checkExists, DATA_OPTION, type DataOption } from "./with-domain.ts";

const PASSPHRASE_CHARACTERS_MIN = 10;

interface PassphraseOption extends DataOption {
  readonly passphraseFile?: string;
}

const withPassphrase = (command: Command): Command =>
  command
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option(
      "--passphrase-file <file>",
      "its first line is the passphrase (or HOLDFAST_SELF_BACKUP_PASSPHRASE, or typed)",
    );

export const backupSelfCommand = (): Command =>
  withPassphrase(new Command("backup-self"))
    .description("copy database and keys, while the service runs, into one sealed file; read back before it counts")
    .requiredOption("--to <folder or file>", "where to; nothing is overwritten")
    .action(backupSelf);

export const restoreSelfCommand = (): Command =>
  withPassphrase(new Command("restore-self"))
    .description("make a service from such a copy, in a folder that has none")
    .requiredOption("--from <file>", "the copy")
    .action(restore);

async function backupSelf({ to, passphraseFile, ...data }: PassphraseOption & { to: string }): Promise<void> {
  const config = readConfig({ data: data.data, config: data.config });
  const { databaseUrl, keys } = enginesOf(config);
  if (databaseUrl === undefined) await checkExists(config.data);
  const passphrase = await readPassphrase(config, { file: passphraseFile, isNew: true });
  const made = await backUpSelf(to, {
    copyDatabase: databaseCopier({ data: config.data, databaseUrl }),
    scratch: join(config.data, "self-backup"),
    keysFolder: keys ?? keysFolder(config.data),
    passphrase,
    clock: systemClock,
    random: systemRandom,
  });
  console.log(`${made.path}
Database (${made.databaseBytes} bytes) and keys (${made.keys.join(", ")}), read back and sound.
The backups themselves are not in it: keep a copy of the storage, too. Without the passphrase nobody can open it.`);
}

async function restore({ from, passphraseFile, ...data }: PassphraseOption & { from: string }): Promise<void> {
  const config = readConfig({ data: data.data, config: data.config });
  const { databaseUrl, keys } = enginesOf(config);
  if (databaseUrl !== undefined)
    throw new HoldfastError("config/invalid", {
      setting: "databaseUrl with restore-self",
      reason: "restore without it, into a folder; `holdfast-server migrate-storage` moves that to PostgreSQL",
    });
  const passphrase = await readPassphrase(config, { file: passphraseFile, isNew: false });
  const places = { database: databasePath(config.data), keysFolder: keys ?? keysFolder(config.data) };
  const { createdAt } = await restoreSelf(from, { ...places, passphrase });
  const domain = await openDomain(config.data, { engines: enginesOf(config) });
  try {
    const organizations = await domain.records.organizations.count();
    console.log(`A service as of ${createdAt}, with ${organizations} organization(s), in ${config.data}.
Put its storage where it was before it starts; then let \`holdfast-server check\` compare the two.`);
  } finally {
    await domain.records.close();
  }
}

async function readPassphrase(
  { selfBackupPassphrase: given }: Config,
  { file, isNew }: { file: string | undefined; isNew: boolean },
): Promise<string> {
  const question = isNew ? "Passphrase for the copy: " : "Passphrase of the copy: ";
  const otherwise = "HOLDFAST_SELF_BACKUP_PASSPHRASE";
  const option = "--passphrase-file";
  const passphrase = await readSecret({ what: "passphrase", option, file, given, otherwise, question, isNew });
  if (isNew && Array.from(passphrase).length < PASSPHRASE_CHARACTERS_MIN)
    throw new HoldfastError("argument/invalid", {
      argument: "the passphrase",
      reason: `it opens every key of the service; at least ${PASSPHRASE_CHARACTERS_MIN} characters`,
    });
  return passphrase;
}
