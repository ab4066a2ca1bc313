/**
 * Deleting machines. A deleted one takes no device and its bytes count for nobody, at once; everything of it stays, and it can be brought back within
 * the organization's window if there is room again. Purging is an act of its own, by a person or when the window is over.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, VaultRow } from "../../records/rows.ts";
import { checkActive } from "../access/tokens.ts";
import { closeAlert } from "../alerts/alerts.ts";
import { hardLimit, levelsAsIf } from "../backup/quota.ts";
import { closeUnheard } from "../backup/sessions.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { machineLimitAllowed } from "../people/limits.ts";
import { settingsOf } from "../people/settings.ts";
import { purgeVault } from "../space/trash.ts";
import { checkDevice } from "./devices.ts";

const DAY_MS = 24 * 3600 * 1000;

/** In a transaction, under the organization's quota turn. Twice is harmless. */
export async function softDelete(domain: Domain, stores: RecordStores, machine: MachineRow): Promise<MachineRow> {
  if (machine.deletedAt !== null) return machine;
  const { id, organization, account, name } = machine;
  const vault = await stores.vaults.findByMachine(id);
  for (const session of vault === undefined ? [] : await stores.sessions.listOpen({ vault: vault.number }))
    await closeUnheard(domain, stores, session, "fenced");
  // While it still counts: afterwards what it uses is nobody's but its own.
  await stores.quota.countAbove(id, -1);
  const columns = { deletedAt: domain.clock.now(), version: machine.version + 1 };
  await stores.machines.change(id, columns);
  await stores.accounts.recount(account);
  await stores.replacements.removeOf(id);
  for (const kind of ["machine.overdue", "machine.cloned"] as const) await closeAlert(domain, stores, kind, id);
  await emit(domain, stores, { organization, kind: "machine.deleted", machine: id, account, detail: { name } });
  return { ...machine, ...columns };
}

/**
 * In a transaction, under the organization's quota turn. Throws `machine/not-deleted`, `machine/undelete-too-late`, and what speaks against one more
 * machine of the user or so many more bytes. `isWithUser`: its user, with whom it was deleted, comes back, and was looked at.
 */
export async function undelete(
  domain: Domain,
  stores: RecordStores,
  machine: MachineRow,
  { isWithUser = false } = {},
): Promise<MachineRow> {
  const { id, organization, account, name } = machine;
  if (machine.deletedAt === null) throw new HoldfastError("machine/not-deleted", { machine: name });
  const until = await undeletableUntil(stores, machine);
  if (machine.purgedAt !== null || (!isWithUser && until <= domain.clock.now())) {
    const days = Math.round((until - machine.deletedAt) / DAY_MS);
    throw new HoldfastError("machine/undelete-too-late", { machine: name, days });
  }
  const user = await stores.accounts.find(account);
  if (user === undefined) throw new HoldfastError("user/missing");
  if (!isWithUser && user.state !== "suspended") await checkActive(stores, user);
  await checkDevice(stores, user, machine);
  await checkRoom(stores, machine);
  // What was granted meanwhile may leave less: then the machine shares what its user has.
  const { maximum } = await machineLimitAllowed(stores, machine);
  const limitBytes = maximum !== null && (machine.limitBytes ?? 0) > maximum ? null : machine.limitBytes;
  const columns = { deletedAt: null, limitBytes, version: machine.version + 1 };
  await stores.machines.change(id, columns);
  await stores.quota.countAbove(id, 1);
  await stores.accounts.recount(account);
  await emit(domain, stores, { organization, kind: "machine.undeleted", machine: id, account, detail: { name } });
  return { ...machine, ...columns };
}

/** What the machine stores must fit where it will count, which it does not yet. Throws `quota/exceeded`. */
export async function checkRoom(stores: RecordStores, machine: MachineRow): Promise<void> {
  for (const level of await levelsAsIf(stores, machine)) {
    const hard = level.level === "machine" ? null : hardLimit(level);
    if (hard !== null && level.heldBytes + machine.usedBytes > hard) {
      const { level: name, heldBytes: used } = level;
      throw new HoldfastError("quota/exceeded", { level: name, used, limit: hard, wanted: machine.usedBytes });
    }
  }
}

/** Of a deleted machine: when its purge is due. One that was deleted with its user has as long as the user. */
export async function undeletableUntil(stores: RecordStores, machine: MachineRow): Promise<number> {
  const organization = await stores.organizations.find(machine.organization);
  if (organization === undefined) throw new HoldfastError("organization/missing");
  const { undeleteMachineDays, undeleteUserDays } = settingsOf(organization);
  const at = machine.deletedAt ?? 0;
  const user = await stores.accounts.find(machine.account);
  const isWithUser = user?.state === "deleted" && user.stateAt !== null && at >= user.stateAt;
  return isWithUser ? user.stateAt + undeleteUserDays * DAY_MS : at + undeleteMachineDays * DAY_MS;
}

/**
 * In a transaction: of a deleted machine only its records stay; its product key can activate another one. Throws `machine/not-deleted`, `hold/on` when
 * nothing of it may go.
 */
export async function purge(domain: Domain, stores: RecordStores, machine: MachineRow, vault: VaultRow): Promise<void> {
  if (machine.deletedAt === null) throw new HoldfastError("machine/not-deleted", { machine: machine.name });
  if (machine.purgedAt !== null) return;
  await checkNotHeld(stores, machine);
  await purgeVault(domain, stores, vault);
  await stores.tokens.removeOf({ machine: machine.id, audience: "agent" });
  const key = await stores.productKeys.findByMachine(machine.id);
  if (key !== undefined)
    await stores.productKeys.change(key.id, { machine: null, activatedAt: null, version: key.version + 1 });
  await stores.policies.removeOf(machine.id);
  await stores.agentStates.removeOf(machine.id);
  await stores.usage.removeOf(machine.id);
  await stores.webRestores.forgetOf(machine.id);
  await stores.machines.change(machine.id, { purgedAt: domain.clock.now(), version: machine.version + 1 });
}

/** Legal hold: nothing of the machine may go, nor get out of the hold's reach. Throws `hold/on`. */
export async function checkNotHeld(stores: RecordStores, machine: MachineRow): Promise<void> {
  const { organization, account, id, name } = machine;
  if (await stores.holds.isHeld([organization, account, id])) throw new HoldfastError("hold/on", { machine: name });
}
