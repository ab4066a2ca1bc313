/** Local copies as the command line reads them: this machine's or another's, from the folder alone. */
import type { Clock } from "../base/clock.ts";
import type { SnapshotView } from "../protocol/messages/records.ts";
import type { Openers } from "./keys/openers.ts";
import { findLastReceipt } from "./last-receipt.ts";
import type { WhereCopies } from "./local/copy-settings.ts";
import { chooseCopy } from "./local/find-copies.ts";
import { copyStateFolder } from "./local/known-copies.ts";
import { type LocalStatus, localStatus as statusOf } from "./local/local-status.ts";
import { openCopyToRead } from "./local/open-copy.ts";
import { type OpenLocalVaultOptions, openLocalVault as openVault } from "./local/open-local-vault.ts";
import { readRemote } from "./local/read-remote.ts";
import { findSettings, loadSettings } from "./settings.ts";
import type { Vault } from "./vault/vault.ts";

export interface OwnCopyOptions {
  /** A machine's own, or one that holds several. */
  readonly folder: string;
  /** Hexadecimal id or name, where there are several; this computer's when absent. */
  readonly machine?: string | undefined;
  readonly dataFolder: string;
}

export interface OpenOwnCopyOptions extends OwnCopyOptions {
  readonly openers: Openers;
  readonly onOlder?: OpenLocalVaultOptions["onOlder"];
  readonly clock?: Clock;
}

export async function openLocalVault({ dataFolder, ...options }: OpenOwnCopyOptions): Promise<Vault> {
  const settings = await findSettings(dataFolder);
  const known = async (copy: string) => findLastReceipt(copyStateFolder(dataFolder, copy));
  return await openVault({ ...options, ownMachine: settings?.machine, known });
}

/** Newest first, as the records' files say: no key is needed, and nothing of it is proven without. */
export async function* listCopySnapshots({
  folder,
  machine,
  dataFolder,
}: OwnCopyOptions): AsyncGenerator<SnapshotView> {
  const settings = await findSettings(dataFolder);
  const { root } = await chooseCopy(folder, machine, settings?.machine);
  using copy = await openCopyToRead(root);
  yield* readRemote(copy).snapshots();
}

/** `undefined`: this machine keeps none. */
export async function localStatus(dataFolder: string, config: WhereCopies): Promise<LocalStatus | undefined> {
  const { machine } = await loadSettings(dataFolder);
  return await statusOf(dataFolder, machine, config);
}
