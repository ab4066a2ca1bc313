/** Opening a machine's history for reading: who logs in, to which service, for which machine. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import {
  findLastReceipt,
  findSettings,
  loadSettings,
  openLocalVault,
  openVault,
  type Snapshot,
  type Vault,
} from "../agent/index.ts";
import type { OpenRestoreRequest } from "../protocol/messages/restores.ts";
import { type Context, optionError, parseFingerprint } from "./context.ts";
import { parseLimit, RATE_EXAMPLES } from "./limits.ts";
import { shown } from "./names.ts";
import { type OpenerOptions, openersOf, withOpeners } from "./openers.ts";
import { type LoginOptions, readLogin, withLogin, withPassphrase } from "./secrets.ts";
import { moment } from "./units.ts";
import { WHEN_EXAMPLES } from "./when.ts";

export interface HistoryOptions extends LoginOptions, OpenerOptions {
  readonly service?: string;
  readonly fingerprint?: string;
  readonly machine?: string;
  readonly limitDownload?: string;
  readonly from?: string;
}

export interface ServiceOptions extends LoginOptions {
  readonly service?: string;
  readonly fingerprint?: string;
}

const GROUP = "Log-in:";

/** Reading takes a person's log-in: what is kept on a machine can only add to its history. */
export function withHistory(command: Command): Command {
  withOpeners(withPassphrase(withLogin(command)));
  return withFrom(command)
    .addOption(new Option("--service <address>", "of a machine that is not registered here").helpGroup(GROUP))
    .addOption(new Option("--fingerprint <hex>", "of that service's certificate").helpGroup(GROUP))
    .addOption(
      new Option("--machine <name>", "another machine's history, by its name or id (`holdfast machines`)").helpGroup(
        GROUP,
      ),
    );
}

export const withFrom = (command: Command): Command =>
  command.addOption(
    new Option("--from <folder>", "read a local copy there; no service is asked, and nobody logs in").helpGroup(GROUP),
  );

/** For what needs a log-in and no key. */
export const withService = (command: Command): Command =>
  withLogin(command)
    .addOption(new Option("--service <address>", "from a computer that is not registered there").helpGroup(GROUP))
    .addOption(new Option("--fingerprint <hex>", "of that service's certificate").helpGroup(GROUP));

/** The service that is named, else this machine's. Throws `settings/not-registered`. */
export async function serviceOf(context: Context, { service, fingerprint: given }: ServiceOptions) {
  const { dataFolder } = context;
  const settings = service === undefined ? await loadSettings(dataFolder) : await findSettings(dataFolder);
  const fingerprint = service === undefined ? settings?.service.fingerprint : parseFingerprint(context, given);
  const url = service ?? settings?.service.url ?? "";
  return { settings, email: settings?.email, address: { url, ...(fingerprint ? { fingerprint } : {}) } };
}

export const withDownloadLimit = (command: Command): Command =>
  command.option("--limit-download <rate>", `fetch at most so much a second, this time: ${RATE_EXAMPLES}`);

export const withAt = (command: Command): Command =>
  command.option("--at <when>", `the snapshot of that moment: ${WHEN_EXAMPLES}`, "latest");

export async function openHistory(
  context: Context,
  options: HistoryOptions,
  purpose: NonNullable<OpenRestoreRequest["purpose"]>,
  order?: string,
): Promise<Vault> {
  const { dataFolder, terminal } = context;
  if (options.from !== undefined) return await openCopy(context, { ...options, from: options.from });
  const givenLimit = parseLimit(context, "--limit-download", options.limitDownload);
  const { settings, email, address } = await serviceOf(context, options);
  const own = settings?.service.url === address.url ? settings.machine : undefined;
  const isOwn = own !== undefined && [undefined, own, settings?.name].includes(options.machine);
  const login = await readLogin(context, options, email);
  terminal.note("Opening the history …");
  return openVault({
    address,
    ...login,
    machine: isOwn ? own : options.machine,
    source: "cli",
    purpose,
    order,
    ...openersOf(context, options),
    known: isOwn ? () => findLastReceipt(dataFolder) : undefined,
    // Whether the service has everything is asked of the service.
    localFolder: purpose === "verify" || purpose === "recover" ? undefined : settings?.local?.folder,
    clock: context.clock,
    downloadLimit: givenLimit ?? parseLimit(context, "downloadLimit", settings?.downloadLimit),
  });
}

async function openCopy(context: Context, options: HistoryOptions & { from: string }): Promise<Vault> {
  const { dataFolder, terminal, clock } = context;
  if (options.service !== undefined)
    throw optionError(context, "--from, --service", "a local copy is read without a service");
  const folder = resolve(options.from);
  terminal.note(`Opening the local copy at ${shown(folder)} …`);
  return await openLocalVault({
    folder,
    machine: options.machine,
    dataFolder,
    openers: openersOf(context, options),
    onOlder: (shownLast, known) =>
      terminal.complain(`This copy ends with snapshot #${shownLast}, and this machine made #${known} in it.`),
    clock,
  });
}

/** Opens the snapshot that `at` means, and says which that is. */
export async function openSnapshotAt(context: Context, vault: Vault, at: string): Promise<Snapshot> {
  const { sequence, receivedAt, incomplete } = await vault.findSnapshot(context.when(at));
  const flaw = incomplete ? ", incomplete" : "";
  context.terminal.note(`Snapshot #${sequence}, ${moment(receivedAt, context.timeZone)}${flaw}`);
  return vault.openSnapshot(sequence);
}
