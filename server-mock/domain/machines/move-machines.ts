/**
 * A machine goes to another user: row, product key, room and licence. Its vault stays as it is, so nothing is sent again; a default key needs nothing,
 * a custom one stays with its passphrase. Everything is looked at before anything is written.
 */
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { MachineDetails } from "../../../protocol/messages/machine-acts.ts";
import type { QuotaLevel, RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow } from "../../records/rows.ts";
import { actorOf, getMachine, getUser } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { checkActive } from "../access/tokens.ts";
import { hardLimit, levelsAsIf, quotaTurn } from "../backup/quota.ts";
import type { Domain } from "../domain.ts";
import { checkLimit, machineLimitAllowed } from "../people/limits.ts";
import { type AuditActor, audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { checkNotHeld } from "./delete-machines.ts";
import { checkDevice } from "./devices.ts";
import { viewMachineDetails } from "./machine-view.ts";

export async function moveMachine(
  domain: Domain,
  caller: ConsoleCaller,
  order: { machine: string; user: string; ifMatch: number | undefined },
  address: string,
): Promise<MachineDetails> {
  const found = await getMachine(domain.records, caller, order.machine);
  return await domain.records.transaction(async (stores) => {
    const { machine } = await getMachine(stores, caller, order.machine);
    checkVersion(machine, order.ifMatch);
    const user = await getUser(stores, caller, order.user);
    if (user.id === machine.account) return await viewMachineDetails(stores, machine);
    await checkMove(stores, machine, user);
    return await viewMachineDetails(stores, await move(domain, stores, machine, user, actorOf(caller, address)));
  }, quotaTurn(found.machine));
}

/** Use that a dry run has moved in thought, by id of a user, group or organization, and devices likewise. */
export class Ledger {
  readonly #bytes = new Map<string, number>();
  readonly #devices = new Map<string, number>();

  bytes(id: string): number {
    return this.#bytes.get(id) ?? 0;
  }

  devices(account: string, kind: MachineRow["kind"]): number {
    return this.#devices.get(`${account}/${kind}`) ?? 0;
  }

  /** `organizationBytes`: as `checkMove` answered. */
  move(machine: MachineRow, to: AccountRow, organizationBytes: number): void {
    const { account, organization, userGroup, kind, usedBytes } = machine;
    for (const [id, bytes] of [
      [account, -usedBytes],
      [userGroup, -usedBytes],
      [to.id, usedBytes],
      [to.userGroup ?? "", usedBytes],
      [organization, organizationBytes],
    ] as const)
      this.#bytes.set(id, this.bytes(id) + bytes);
    for (const [id, sign] of [
      [account, -1],
      [to.id, 1],
    ] as const)
      this.#devices.set(`${id}/${kind}`, this.devices(id, kind) + sign);
  }
}

/**
 * Whether the machine may go there. Writes nothing. Throws `user/missing` for a user of another organization, and whatever speaks against one more
 * machine, its limit or its bytes there. Answers by how much the organization's own room is held more: Assigned groups have theirs apart.
 */
export async function checkMove(
  stores: RecordStores,
  machine: MachineRow,
  to: AccountRow,
  ledger = new Ledger(),
): Promise<number> {
  if (to.organization !== machine.organization) throw new HoldfastError("user/missing");
  await checkActive(stores, to);
  await checkNotHeld(stores, machine);
  const handed = ledger.devices(to.id, machine.kind);
  await checkDevice(stores, to, machine, { isInside: true, handed });
  const there = placed(machine, to);
  if (machine.limitBytes !== null)
    checkLimit(machine.limitBytes, await machineLimitAllowed(stores, there), `user ${to.login}`, "user");
  return await checkLevels(stores, machine, there, ledger);
}

/** Levels that have the machine already hold no more afterwards. */
async function checkLevels(stores: RecordStores, here: MachineRow, there: MachineRow, ledger: Ledger): Promise<number> {
  const bytes = here.usedBytes;
  const isIn = (levels: readonly QuotaLevel[]) => levels.some(({ level }) => level === "organization");
  const [before, after] = [await levelsAsIf(stores, here), await levelsAsIf(stores, there)];
  const organizationBytes = isIn(after) === isIn(before) ? 0 : isIn(after) ? bytes : -bytes;
  for (const level of after) {
    const { level: name, heldBytes } = level;
    if (name === "machine" || (name === "group" && here.userGroup === there.userGroup)) continue;
    const id = { user: there.account, group: there.userGroup, organization: there.organization }[name];
    const more = name === "organization" ? organizationBytes : bytes;
    const [hard, used] = [hardLimit(level), heldBytes + ledger.bytes(id)];
    if (hard !== null && more > 0 && used + more > hard)
      throw new HoldfastError("quota/exceeded", { level: name, used, limit: hard, wanted: more });
  }
  return organizationBytes;
}

const placed = (machine: MachineRow, { id, userGroup }: AccountRow): MachineRow => ({
  ...machine,
  account: id,
  userGroup: userGroup ?? bug("a user without a group"),
});

/** In a transaction, under the organization's quota turn, after `checkMove`. */
export async function move(
  domain: Domain,
  stores: RecordStores,
  machine: MachineRow,
  to: AccountRow,
  by: AuditActor,
): Promise<MachineRow> {
  const { account, userGroup } = placed(machine, to);
  const from = await stores.accounts.find(machine.account);
  await stores.quota.move(machine.id, { account, userGroup });
  const columns = { account, userGroup, version: machine.version + 1 };
  await stores.machines.change(machine.id, columns);
  await stores.accounts.recount(machine.account);
  await stores.accounts.recount(account);
  const key = await stores.productKeys.findByMachine(machine.id);
  if (key !== undefined) await stores.productKeys.change(key.id, { account, userGroup, version: key.version + 1 });
  // Who had it reads it no longer.
  for (const audience of ["restore", "download"] as const)
    await stores.tokens.removeOf({ machine: machine.id, audience });
  const act = { organization: machine.organization, action: "machines/move", subject: machine.name };
  for (const concerned of [machine.account, account])
    await audit(domain, stores, {
      ...by,
      ...act,
      account: concerned,
      detail: `from ${from?.login ?? ""} to ${to.login}`,
    });
  return { ...machine, ...columns };
}
