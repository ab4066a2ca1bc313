/** Whether a user may have one more machine: the one list of all that speaks against it. */
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow } from "../../records/rows.ts";
import { checkDeviceQuota, hasDeviceQuotas } from "../people/device-quotas.ts";
import { HOME_MACHINES_MAX } from "../people/editions.ts";
import { groupSettingsOf } from "../people/settings.ts";

/** What a machine is, for licences. */
export type MachineType = Pick<MachineRow, "kind" | "virtual">;

/**
 * Before a machine is registered, brought back or moved to the user. Throws `group/suspended`, `machine/wrong-type`, `machine/limit`, `device/limit`,
 * of accounts with quotas of section O `device/quota-exceeded`.
 * Licences of groups and organizations were counted when the user got its own (domain/limits.ts). `isInside`: the organization has
 * the machine already; `handed`: devices that the user has in thought besides.
 */
export async function checkDevice(
  stores: RecordStores,
  account: AccountRow,
  machine: MachineType,
  { isInside = false, handed = 0 } = {},
): Promise<void> {
  const { kind } = machine;
  const group = account.userGroup === null ? undefined : await stores.groups.find(account.userGroup);
  if (group === undefined || account.organization === null) return bug("a machine for an account without a group");
  if (groupSettingsOf(group).suspended) throw new HoldfastError("group/suspended", { group: group.name });
  if (account.kind !== null && account.kind !== kind)
    throw new HoldfastError("machine/wrong-type", { user: account.login, userType: account.kind, machineType: kind });
  if (!isInside) await checkEdition(stores, account.organization);
  if (hasDeviceQuotas(account)) return await checkDeviceQuota(stores, account, machine, { handed });
  const used = (await stores.machines.countDevices(account.id))[kind] + handed;
  const limit = kind === "desktop" ? account.desktopDevices : account.serverDevices;
  if (used >= limit) throw new HoldfastError("device/limit", { device: kind, used, limit });
}

async function checkEdition(stores: RecordStores, id: string): Promise<void> {
  const organization = await stores.organizations.find(id);
  if (organization?.edition !== "home" || (await stores.machines.countIn(id)) < HOME_MACHINES_MAX) return;
  throw new HoldfastError("machine/limit", { edition: "Home", limit: HOME_MACHINES_MAX });
}
