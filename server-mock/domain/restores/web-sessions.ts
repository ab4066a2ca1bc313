/**
 * A machine's backups, opened for one person in the browser, for a while. Whoever opened them must still be allowed to at every call: a right that ends
 * ends at once.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { WebRestoreView } from "../../../protocol/messages/web-restore.ts";
import type { RecordStores } from "../../records/records.ts";
import type { WebRestoreRow } from "../../records/restores.ts";
import type { MachineRow, RestoreRow, VaultRow } from "../../records/rows.ts";
import { actorOf } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { RESTORE_MS } from "../access/tokens.ts";
import { checkMayRestore, eventOf, newRestore } from "../backup/restores.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { audit } from "../records/audit.ts";
import { chainRestore } from "../records/record-chain.ts";
import { instant, viewSnapshot, wrapOf } from "../views.ts";

/** What may be read, and for which row of Restores. */
export interface OpenedRestore {
  readonly restore: RestoreRow;
  readonly machine: MachineRow;
  readonly vault: VaultRow;
}

/** Throws `restore/key-is-yours`, and what `checkMayRestore` throws. */
export async function openWebRestore(
  domain: Domain,
  caller: ConsoleCaller,
  { machine: id, purpose }: { machine: string; purpose: "browse" | "restore" },
  address: string,
): Promise<WebRestoreView> {
  const { machine, vault } = await checkMayRestore(domain, caller, { machine: id, source: "web" });
  checkOpenable(machine, vault);
  const expiresAt = domain.clock.now() + RESTORE_MS;
  const order = { source: "web", purpose: "browse" } as const;
  const restore = newRestore(domain, machine, { order, by: caller.account.login, expiresAt });
  await domain.records.transaction(async (stores) => {
    await stores.restores.insert(restore);
    await stores.webRestores.insert(newWebRestore(domain, caller, { restore, kind: "session", wish: null }));
    const act = { ...actorOf(caller, address), organization: machine.organization, account: machine.account };
    const detail = `opened in the service, for ${purpose}, from web`;
    await audit(domain, stores, { ...act, action: "restores/open", subject: machine.name, detail });
    const told = { restore: restore.id, by: caller.account.login, source: "web", purpose };
    await emit(domain, stores, { ...eventOf(machine), kind: "restore.requested", detail: told });
  });
  const [latest] = await domain.records.snapshots.list(vault.number, { limit: 1 });
  return {
    id: restore.id,
    machine: machine.id,
    machineName: machine.name,
    key: "default",
    expiresAt: instant(expiresAt),
    latest: latest === undefined ? null : viewSnapshot(latest),
  };
}

/** For another call of whoever opened it. Throws `restore/missing`, `restore/ended`, and what `checkMayRestore` throws. */
export async function findWebRestore(domain: Domain, caller: ConsoleCaller, id: string): Promise<OpenedRestore> {
  const { restore } = await ownWebRestore(domain.records, caller, id, "session");
  if (restore.status !== "running" || restore.expiresAt <= domain.clock.now()) throw new HoldfastError("restore/ended");
  const found = await checkMayRestore(domain, caller, { machine: restore.machine, source: "web" });
  checkOpenable(found.machine, found.vault);
  return { restore, ...found };
}

export async function closeWebRestore(domain: Domain, caller: ConsoleCaller, id: string): Promise<void> {
  await ownWebRestore(domain.records, caller, id, "session");
  await domain.records.transaction(async (stores) => {
    const row = await stores.restores.find(id);
    if (row?.status !== "running") return;
    await stores.restores.change(id, { status: "completed", finishedAt: domain.clock.now() });
    await chainRestore(domain, stores, id);
  });
}

/** Throws `restore/missing`: what another person opened does not exist. */
export async function ownWebRestore(
  stores: RecordStores,
  { account, actor }: ConsoleCaller,
  id: string,
  kind: WebRestoreRow["kind"],
): Promise<{ web: WebRestoreRow; restore: RestoreRow }> {
  const web = await stores.webRestores.find(id);
  const restore = await stores.restores.find(id);
  if (
    web === undefined ||
    restore === undefined ||
    web.kind !== kind ||
    web.account !== account.id ||
    actor !== undefined
  )
    throw new HoldfastError("restore/missing");
  return { web, restore };
}

export const newWebRestore = (
  { clock }: Domain,
  { account }: ConsoleCaller,
  { restore, kind, wish }: { restore: RestoreRow; kind: WebRestoreRow["kind"]; wish: string | null },
): WebRestoreRow => ({
  restore: restore.id,
  kind,
  account: account.id,
  machine: restore.machine,
  wish,
  bytesRequested: null,
  downloads: 0,
  problems: "[]",
  problemCount: 0,
  heardAt: clock.now(),
  note: null,
});

/** Of a default key only does the service have what opens the vault. */
export function checkOpenable(machine: MachineRow, vault: VaultRow): void {
  if (wrapOf(vault).kind !== "default") throw new HoldfastError("restore/key-is-yours", { machine: machine.name });
}
