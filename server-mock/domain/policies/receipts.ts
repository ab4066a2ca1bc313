/** Which configuration a machine has, and who has taken over what. */

import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import type {
  EffectivePolicy,
  OwnPolicy,
  PolicyReceipt,
  policyReceiptsQuery,
} from "../../../protocol/messages/policies.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow } from "../../records/rows.ts";
import { getMachine } from "../access/access.ts";
import type { AgentCaller, ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { type Page, pageOf } from "../pages.ts";
import { instantOrNull } from "../views.ts";
import { effectiveForMachine, tagOf } from "./effective.ts";

export async function getEffectivePolicy(
  { records }: Domain,
  caller: ConsoleCaller,
  id: string,
): Promise<EffectivePolicy> {
  const { machine } = await getMachine(records, caller, id, { evenDeleted: true });
  const settings = await effectiveForMachine(records, machine);
  return { machine: id, tag: tagOf(settings), settings, ...(await taken(records, id)) };
}

/** For the agent: settings are null when it has them already. */
export async function ownConfiguration(
  { records }: Domain,
  { machine }: AgentCaller,
  known: string | undefined,
): Promise<OwnPolicy> {
  const settings = await effectiveForMachine(records, machine);
  const tag = tagOf(settings);
  if (tag === known) return { tag, settings: null, holders: null };
  return { tag, settings, holders: await holdersOf(records, machine) };
}

async function holdersOf(
  { organizations, groups, accounts }: RecordStores,
  { organization, userGroup, account, name }: MachineRow,
): Promise<OwnPolicy["holders"]> {
  return {
    organization: (await organizations.find(organization))?.name ?? "",
    group: (await groups.find(userGroup))?.name ?? "",
    user: (await accounts.find(account))?.login ?? "",
    machine: name,
  };
}

/** Also an older one is noted: it is what the machine works by. */
export async function takePolicy({ records, clock }: Domain, { machine }: AgentCaller, tag: string): Promise<void> {
  await records.policies.putReceipt({ machine: machine.id, tag, receivedAt: clock.now() });
}

export async function listPolicyReceipts(
  { records }: Domain,
  caller: ConsoleCaller,
  { group, kind, ...query }: z.output<typeof policyReceiptsQuery>,
): Promise<Page<PolicyReceipt>> {
  const groups = caller.scope.groups;
  if (group !== undefined && groups !== undefined && !groups.includes(group)) throw new HoldfastError("group/missing");
  const scope = { ...caller.scope, ...(group === undefined ? {} : { groups: [group] }) };
  return await pageOf(
    query,
    (page) => records.machines.list(page, scope, { kind }),
    (machine) => viewReceipt(records, machine),
  );
}

async function viewReceipt(stores: RecordStores, machine: MachineRow): Promise<PolicyReceipt> {
  const tag = tagOf(await effectiveForMachine(stores, machine));
  const { takenTag, takenAt } = await taken(stores, machine.id);
  const { id, name, userGroup: group, kind } = machine;
  const user = (await stores.accounts.find(machine.account))?.login ?? "";
  return { machine: id, name, user, group, kind, tag, takenTag, takenAt, isCurrent: tag === takenTag };
}

export async function taken(stores: RecordStores, machine: string) {
  const receipt = await stores.policies.findReceipt(machine);
  return { takenTag: receipt?.tag ?? null, takenAt: instantOrNull(receipt?.receivedAt ?? null) };
}
