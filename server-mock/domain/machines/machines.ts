/** Machines, as people manage them: see, suspend, limit, delete and bring back, and give back their keys. */
import type { MachineDetails } from "../../../protocol/messages/machine-acts.ts";
import type { RecoverRequest, RegisterResponse } from "../../../protocol/messages/machines.ts";
import type { MachineRow } from "../../records/rows.ts";
import { actorOf, getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { quotaTurn } from "../backup/quota.ts";
import type { Domain } from "../domain.ts";
import { checkLimit, machineLimitAllowed } from "../people/limits.ts";
import { definedOnly } from "../people/users.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { softDelete, undelete } from "./delete-machines.ts";
import { viewMachineDetails } from "./machine-view.ts";
import { takeOver } from "./take-over.ts";

/** Deleted ones too, until they are purged. Throws `machine/missing`. */
export async function findMachine({ records }: Domain, caller: ConsoleCaller, id: string): Promise<MachineDetails> {
  const { machine } = await getMachine(records, caller, id, { evenDeleted: true });
  return await viewMachineDetails(records, machine);
}

interface MachineChange {
  readonly machine: string;
  readonly ifMatch: number | undefined;
  readonly state?: MachineRow["state"] | undefined;
  readonly limitBytes?: number | null | undefined;
  readonly externalId?: string | null | undefined;
}

export async function changeMachine(
  domain: Domain,
  caller: ConsoleCaller,
  { machine: id, ifMatch, ...change }: MachineChange,
  address: string,
): Promise<MachineDetails> {
  return await domain.records.transaction(async (stores) => {
    const { machine } = await getMachine(stores, caller, id);
    checkVersion(machine, ifMatch);
    if (change.limitBytes !== undefined)
      checkLimit(change.limitBytes, await machineLimitAllowed(stores, machine), "user");
    const columns = { ...definedOnly(change), version: machine.version + 1 };
    await stores.machines.change(machine.id, columns);
    const act = { organization: machine.organization, account: machine.account, action: "machines/change" };
    const detail = JSON.stringify(change);
    await audit(domain, stores, { ...actorOf(caller, address), ...act, subject: machine.name, detail });
    return await viewMachineDetails(stores, { ...machine, ...columns });
  });
}

type Target = { readonly machine: string; readonly ifMatch?: number | undefined };

export const deleteMachine = (domain: Domain, caller: ConsoleCaller, target: Target, address: string) =>
  changeDeleted(domain, caller, { ...target, act: softDelete, action: "machines/delete" }, address);

export const undeleteMachine = (domain: Domain, caller: ConsoleCaller, target: Target, address: string) =>
  changeDeleted(domain, caller, { ...target, act: undelete, action: "machines/undelete" }, address);

async function changeDeleted(
  domain: Domain,
  caller: ConsoleCaller,
  order: Target & { act: typeof softDelete; action: string },
  address: string,
): Promise<MachineDetails> {
  const found = await getMachine(domain.records, caller, order.machine, { evenDeleted: true });
  return await domain.records.transaction(async (stores) => {
    const { machine } = await getMachine(stores, caller, order.machine, { evenDeleted: true });
    checkVersion(machine, order.ifMatch);
    const changed = await order.act(domain, stores, machine);
    if (changed === machine) return await viewMachineDetails(stores, machine); // It was deleted already.
    const act = { organization: machine.organization, account: machine.account, action: order.action };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, subject: machine.name });
    return await viewMachineDetails(stores, changed);
  }, quotaTurn(found.machine));
}

/** The machine's keys were lost, its person was not: a new agent token and machine key; the old ones end. */
export async function recover(
  domain: Domain,
  caller: ConsoleCaller,
  request: RecoverRequest,
  address: string,
): Promise<RegisterResponse> {
  return await domain.records.transaction(async (stores) => {
    const found = await getMachine(stores, caller, request.machine);
    return await takeOver(domain, stores, { ...request, ...found }, actorOf(caller, address));
  });
}
