/** Opening a machine's history for reading: who logs in, to which service, for which machine. */
import { type Command, Option } from "commander";
import { findLastReceipt, findSettings, loadSettings, openVault, type Snapshot, type Vault } from "../agent/index.ts";
import type { OpenRestoreRequest } from "../protocol/messages/restores.ts";
import { type Context, optionError, parseFingerprint } from "./context.ts";
import { parseLimit, RATE_EXAMPLES } from "./limits.ts";
import { type OpenerOptions, openersOf, withOpeners } from "./openers.ts";
import { type LoginOptions, readLogin, withLogin, withPassphrase } from "./secrets.ts";
import { moment } from "./units.ts";
import { WHEN_EXAMPLES } from "./when.ts";

export interface HistoryOptions extends LoginOptions, OpenerOptions {
  readonly service?: string;
  readonly fingerprint?: string;
  readonly machine?: string;
  readonly limitDownload?: string;
}

const GROUP = "Log-in:";

/** Reading takes a person's log-in: what is kept on a machine can only add to its history. */
export function withHistory(command: Command): Command {
  withOpeners(withPassphrase(withLogin(command)));
  return command
    .addOption(new Option("--service <address>", "of a machine that is not registered here").helpGroup(GROUP))
    .addOption(new Option("--fingerprint <hex>", "of that service's certificate").helpGroup(GROUP))
    .addOption(new Option("--machine <id>", "another machine's history").helpGroup(GROUP));
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
  const givenLimit = parseLimit(context, "--limit-download", options.limitDownload);
  const isElsewhere = options.service !== undefined;
  const settings = isElsewhere ? await findSettings(dataFolder) : await loadSettings(dataFolder);
  const machine = options.machine ?? settings?.machine;
  if (machine === undefined) throw optionError(context, "--machine", "missing, and no machine is registered here");
  if (!/^[0-9a-f]{32}$/.test(machine))
    throw optionError(context, "--machine", "it is not an id of 32 hexadecimal digits, as `holdfast status` shows");
  const fingerprint = isElsewhere ? parseFingerprint(context, options.fingerprint) : settings?.service.fingerprint;
  const url = options.service ?? settings?.service.url ?? "";
  const login = await readLogin(context, options, settings?.email);
  terminal.note("Opening the history …");
  return openVault({
    address: { url, ...(fingerprint ? { fingerprint } : {}) },
    ...login,
    machine,
    source: "cli",
    purpose,
    order,
    ...openersOf(context, options),
    known: settings?.machine === machine ? () => findLastReceipt(dataFolder) : undefined,
    clock: context.clock,
    downloadLimit: givenLimit ?? parseLimit(context, "downloadLimit", settings?.downloadLimit),
  });
}

/** Opens the snapshot that `at` means, and says which that is. */
export async function openSnapshotAt(context: Context, vault: Vault, at: string): Promise<Snapshot> {
  const { sequence, receivedAt, incomplete } = await vault.findSnapshot(context.when(at));
  const flaw = incomplete ? ", incomplete" : "";
  context.terminal.note(`Snapshot #${sequence}, ${moment(receivedAt, context.timeZone)}${flaw}`);
  return vault.openSnapshot(sequence);
}
