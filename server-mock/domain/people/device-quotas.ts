/**
 * Counts of an account of section O: workstations, servers, virtual machines; mobiles and mailboxes have no agents. A quota without an overage is soft:
 * it is told, and stops nobody. With one, nothing is protected beyond quota and overage.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import { type DeviceQuotas, deviceQuotas } from "../../../protocol/messages/users.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { queueMail } from "../mail/queue-mail.ts";
import { listAdmins } from "../mail/security-mails.ts";

export type QuotaName = keyof DeviceQuotas;

export const QUOTA_NAMES = ["workstations", "servers", "virtualMachines", "mobiles", "mailboxes"] as const;

const SHOWN: Readonly<Record<QuotaName, string>> = {
  workstations: "physical workstations",
  servers: "physical servers",
  virtualMachines: "virtual machines",
  mobiles: "mobile devices",
  mailboxes: "Office 365 mailboxes",
};

export const quotasOf = ({ deviceQuotas: json }: Pick<AccountRow, "deviceQuotas">): DeviceQuotas =>
  deviceQuotas.parse(JSON.parse(json));

/** Such accounts have these counts in place of Desktop and Server licences. */
export const hasDeviceQuotas = (account: Pick<AccountRow, "deviceQuotas">): boolean =>
  Object.keys(quotasOf(account)).length > 0;

export const quotaOfMachine = ({ kind, virtual }: Pick<MachineRow, "kind" | "virtual">): QuotaName =>
  virtual === 1 ? "virtualMachines" : kind === "server" ? "servers" : "workstations";

/** Machines that are not deleted. */
export async function countByQuota(stores: RecordStores, account: string): Promise<Record<QuotaName, number>> {
  const { desktop, server } = await stores.tree.countMachines({ account });
  const virtualMachines = desktop.virtual + server.virtual;
  return { workstations: desktop.real, servers: server.real, virtualMachines, mobiles: 0, mailboxes: 0 };
}

export function stateOfCount(used: number, limit: number | null): "below" | "reached" | "exceeded" {
  if (limit === null || used < limit) return "below";
  return used === limit ? "reached" : "exceeded";
}

/** Before a machine is added; `handed`: machines that it has in thought besides. Throws `device/quota-exceeded`. */
export async function checkDeviceQuota(
  stores: RecordStores,
  account: AccountRow,
  machine: Pick<MachineRow, "kind" | "virtual">,
  { handed = 0 } = {},
): Promise<void> {
  const name = quotaOfMachine(machine);
  const { limit = null, overage = null } = quotasOf(account)[name] ?? {};
  if (limit === null || overage === null) return;
  const used = (await countByQuota(stores, account.id))[name] + handed;
  if (used + 1 > limit + overage)
    throw new HoldfastError("device/quota-exceeded", { quota: SHOWN[name], used, limit: limit + overage });
}

/** After a machine was added: whoever must know that a count is reached or exceeded, is told. */
export async function tellDeviceQuota(
  domain: Domain,
  stores: RecordStores,
  account: AccountRow,
  machine: Pick<MachineRow, "kind" | "virtual">,
): Promise<void> {
  const name = quotaOfMachine(machine);
  const { limit = null, overage = null } = quotasOf(account)[name] ?? {};
  const used = (await countByQuota(stores, account.id))[name];
  const state = stateOfCount(used, limit);
  if (state === "below" || limit === null || account.organization === null) return;
  const detail = { quota: name, used, limit };
  const happened = { organization: account.organization, account: account.id, kind: `quota.${state}` as const };
  await emit(domain, stores, { ...happened, detail });
  const end = overage === null ? "It is told, and stops nobody." : `Beyond ${limit + overage} none is added.`;
  const values = {
    what: account.login,
    quota: SHOWN[name],
    used: String(used),
    limit: String(limit),
    consequence: end,
  };
  const admins = await listAdmins(stores, account.organization);
  const isTold = account.businessNotifications === 1 && account.state === "active";
  const readers = isTold ? [account, ...admins.filter(({ id }) => id !== account.id)] : admins;
  for (const reader of readers) await queueMail(domain, stores, reader, `count-${state}`, { values });
}
