/**
 * Limits within one another: machine ≤ user ≤ group ≤ organization, for storage and for licences. A limit can't be set below what is used or
 * handed on below it, nor above what the level above can give. The arithmetic is in `rooms.ts` and `licences.ts`.
 */
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, DeviceKind, GroupRow, MachineRow, OrganizationRow, PoolKind } from "../../records/rows.ts";
import type { GroupLicences, GroupRoom } from "../../records/tree.ts";
import { freeLicences } from "./licences.ts";
import { type Allowed, sharedLimit } from "./rooms.ts";
import { settingsOf } from "./settings.ts";

export type { Allowed } from "./rooms.ts";

/** Throws `limit/out-of-range`, naming both ends and whose limit the upper one is. `field`: of the request, if it isn't `limitBytes`. */
export function checkLimit(
  limit: number | null,
  { minimum, maximum }: Allowed,
  above = "organization",
  field = "limitBytes",
): void {
  if (limit === null) return;
  if (limit < minimum || (maximum !== null && limit > maximum))
    throw new HoldfastError("limit/out-of-range", {
      minimum,
      maximum: maximum ?? Number.MAX_SAFE_INTEGER,
      above,
      field,
    });
}

/** Of a machine's limit: what it uses, and its user's limit or what is above that. */
export async function machineLimitAllowed(stores: RecordStores, machine: MachineRow): Promise<Allowed> {
  const user = await stores.accounts.find(machine.account);
  if (user === undefined) return bug("a machine without a user");
  const above = user.limitBytes ?? (await roomAbove(stores, machine.organization, machine.userGroup, machine.kind));
  return { minimum: machine.usedBytes, maximum: above };
}

/** Of a user's limit: what its machines use or were granted, and what its group can give. */
export async function userLimitAllowed(stores: RecordStores, user: AccountRow): Promise<Allowed> {
  const { organization, userGroup } = user;
  if (organization === null || userGroup === null) return bug("a limit for an account without a group");
  const promised = await stores.tree.sumPromised(user.id);
  const held = user.usedBytes + promised.desktop + promised.server;
  const minimum = Math.max(held, await stores.machines.largestLimit(user.id));
  return { minimum, maximum: await roomAbove(stores, organization, userGroup, user.kind) };
}

/** Of a user: at least `minimum`, at most what the group can give. */
export async function checkUserLimit(
  stores: RecordStores,
  group: GroupRow,
  wanted: { limitBytes: number | null; minimum: number; kind: DeviceKind | null },
): Promise<void> {
  if (wanted.limitBytes === null) return;
  const maximum = await roomAbove(stores, group.organization, group.id, wanted.kind);
  checkLimit(wanted.limitBytes, { minimum: wanted.minimum, maximum }, `group ${group.name}`);
}

/** The most that one user or machine of a group can have; null: no limit. */
export async function roomAbove(
  stores: RecordStores,
  organization: string,
  group: string,
  kind: DeviceKind | null,
): Promise<number | null> {
  const counted = await countedPool(stores, organization, kind);
  if (counted === undefined) return null;
  const pool = await stores.pools.find(group, counted);
  if (pool === undefined) return bug("a group without a pool");
  if (pool.mode === "none") return 0;
  if (pool.mode !== "shared" && pool.limitBytes !== null) return pool.limitBytes;
  const limitBytes = (await stores.pools.find(organization, counted))?.limitBytes ?? null;
  return limitBytes === null ? null : sharedLimit(limitBytes, await stores.tree.listRooms(organization, counted));
}

/** Which count of storage is limited for machines of a kind; undefined: each of the two, for a user who has both. */
export async function countedPool(
  stores: RecordStores,
  organization: string,
  kind: DeviceKind | null,
): Promise<PoolKind | undefined> {
  const row = await stores.organizations.find(organization);
  if (row === undefined) throw new HoldfastError("organization/missing");
  if (!settingsOf(row).separatePools) return "all";
  return kind ?? undefined;
}

/** The counts of storage that are limited. */
export const countedPools = (organization: Pick<OrganizationRow, "settings">): readonly PoolKind[] =>
  settingsOf(organization).separatePools ? ["desktop", "server"] : ["all"];

/** A group's room and those of the others. Throws `group/missing`. */
export async function roomsBeside(
  stores: RecordStores,
  group: Pick<GroupRow, "id" | "organization">,
  kind: PoolKind,
): Promise<{ room: GroupRoom; others: GroupRoom[]; limitBytes: number | null }> {
  const rooms = await stores.tree.listRooms(group.organization, kind);
  const room = rooms.find((each) => each.group === group.id);
  if (room === undefined) throw new HoldfastError("group/missing");
  const limitBytes = (await stores.pools.find(group.organization, kind))?.limitBytes ?? null;
  return { room, others: rooms.filter((each) => each !== room), limitBytes };
}

/** A group's licences and those of the others; `devices` is the organization's. Throws `group/missing`. */
export async function licencesBeside(
  stores: RecordStores,
  group: Pick<GroupRow, "id" | "organization">,
  kind: DeviceKind,
): Promise<{ own: GroupLicences; others: GroupLicences[]; devices: number | null }> {
  const groups = await stores.tree.listLicences(group.organization, kind);
  const own = groups.find((each) => each.group === group.id);
  if (own === undefined) throw new HoldfastError("group/missing");
  const devices = (await stores.pools.find(group.organization, kind))?.devices ?? null;
  return { own, others: groups.filter((each) => each !== own), devices };
}

/** Licences that no user has, of a group or else of its organization; null: as many as anybody wants. */
export async function freeDevices(
  stores: RecordStores,
  group: Pick<GroupRow, "id" | "organization">,
): Promise<Record<DeviceKind, number | null>> {
  const free = async (kind: DeviceKind): Promise<number | null> => {
    // Nothing is limited, so nobody need be counted: thousands of users may be on their way in.
    const [own, top] = [await stores.pools.find(group.id, kind), await stores.pools.find(group.organization, kind)];
    if (own?.devices === null && top?.devices === null) return null;
    const { own: licences, others, devices } = await licencesBeside(stores, group, kind);
    return freeLicences(licences, { devices, others });
  };
  return { desktop: await free("desktop"), server: await free("server") };
}

/** Of a user's licences: not fewer than its machines, not more than it has and its group has free. */
export async function devicesAllowed(
  stores: RecordStores,
  group: Pick<GroupRow, "id" | "organization">,
  user?: AccountRow,
): Promise<Record<DeviceKind, Allowed>> {
  const used = user === undefined ? { desktop: 0, server: 0 } : await stores.machines.countDevices(user.id);
  const had = await devicesHad(stores, group, user);
  const free = await freeDevices(stores, group);
  const allowed = (kind: DeviceKind): Allowed => {
    const left = free[kind];
    return { minimum: used[kind], maximum: left === null ? null : had[kind] + left };
  };
  return { desktop: allowed("desktop"), server: allowed("server") };
}

/** What of a user's licences counts where the group draws on: all, when it is the user's, or both draw on the organization's. A deleted user has none. */
async function devicesHad(
  stores: RecordStores,
  { id }: Pick<GroupRow, "id">,
  user: AccountRow | undefined,
): Promise<Record<DeviceKind, number>> {
  if (user === undefined || user.state === "deleted") return { desktop: 0, server: 0 };
  const { userGroup, desktopDevices, serverDevices } = user;
  const hasOwn = async (group: string | null, kind: DeviceKind) =>
    (await stores.pools.find(group ?? "", kind))?.devices !== null;
  const isHere = async (kind: DeviceKind) =>
    userGroup === id || !((await hasOwn(userGroup, kind)) || (await hasOwn(id, kind)));
  return {
    desktop: (await isHere("desktop")) ? desktopDevices : 0,
    server: (await isHere("server")) ? serverDevices : 0,
  };
}

/** `user`: who has some already. Throws `limit/out-of-range`, `device/none-free`. */
export async function checkDevices(
  stores: RecordStores,
  group: GroupRow,
  wanted: Readonly<Record<DeviceKind, number>>,
  user?: AccountRow,
): Promise<void> {
  const allowed = await devicesAllowed(stores, group, user);
  for (const kind of ["desktop", "server"] as const) {
    const { minimum, maximum } = allowed[kind];
    const field = `${kind}Devices`;
    if (wanted[kind] < minimum) checkLimit(wanted[kind], allowed[kind], `group ${group.name}`, field);
    if (maximum !== null && wanted[kind] > maximum)
      throw new HoldfastError("device/none-free", { device: kind, group: group.name, minimum, maximum, field });
  }
}
