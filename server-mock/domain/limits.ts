/**
 * Limits within one another: machine ≤ user ≤ group ≤ organization, for storage and for licences. A limit can't be set below what is used or
 * handed on below it, nor above what the level above can give.
 */
import { bug, HoldfastError } from "../../protocol/errors.ts";
import type { RecordStores } from "../records/records.ts";
import type { AccountRow, DeviceKind, GroupRow, MachineRow, PoolRow } from "../records/rows.ts";
import { settingsOf } from "./settings.ts";

/** What a limit may be; both ends are named when it is not. */
export interface Allowed {
  readonly minimum: number;
  /** null: there is no end. */
  readonly maximum: number | null;
}

/** Throws `limit/out-of-range`, naming both ends and whose limit the upper one is. */
export function checkLimit(limit: number | null, { minimum, maximum }: Allowed, above = "organization"): void {
  if (limit === null) return;
  if (limit < minimum || (maximum !== null && limit > maximum))
    throw new HoldfastError("limit/out-of-range", { minimum, maximum: maximum ?? Number.MAX_SAFE_INTEGER, above });
}

/** Of a machine's limit: what it uses, and its user's limit or what is above that. */
export async function machineLimitAllowed(stores: RecordStores, machine: MachineRow): Promise<Allowed> {
  const user = await stores.accounts.find(machine.account);
  if (user === undefined) return bug("a machine without a user");
  const above = user.limitBytes ?? (await roomAbove(stores, machine.organization, machine.userGroup, machine.kind));
  return { minimum: machine.usedBytes, maximum: above };
}

/** Of a user: at least `minimum`, at most what the group can give. */
export async function checkUserLimit(
  stores: RecordStores,
  group: GroupRow,
  wanted: { limitBytes: number | null; minimum: number; kind: DeviceKind | null },
): Promise<void> {
  const maximum = await roomAbove(stores, group.organization, group.id, wanted.kind);
  checkLimit(wanted.limitBytes, { minimum: wanted.minimum, maximum }, `group ${group.name}`);
}

/** The limit that holds for all users of a group together; null: none. */
export async function roomAbove(
  stores: RecordStores,
  organization: string,
  group: string,
  kind: DeviceKind | null,
): Promise<number | null> {
  const counted = await countedPool(stores, organization, kind);
  const pool = await stores.pools.find(group, counted);
  if (pool === undefined) return bug("a group without a pool");
  if (pool.mode === "none") return 0;
  if (pool.mode !== "shared" && pool.limitBytes !== null) return pool.limitBytes;
  return (await stores.pools.find(organization, counted))?.limitBytes ?? null;
}

/** Which count of storage is limited for machines of a kind. */
export async function countedPool(
  stores: RecordStores,
  organization: string,
  kind: DeviceKind | null,
): Promise<PoolRow["kind"]> {
  const row = await stores.organizations.find(organization);
  if (row === undefined) throw new HoldfastError("organization/missing");
  return settingsOf(row).separatePools && kind !== null ? kind : "all";
}

/**
 * Licences that a user is to have: not fewer than its machines, not more than what the group has free. `user`: who has some already.
 * Throws `limit/out-of-range`, `device/none-free`.
 */
export async function checkDevices(
  stores: RecordStores,
  group: GroupRow,
  wanted: Readonly<Record<DeviceKind, number>>,
  user?: AccountRow,
): Promise<void> {
  const used = user === undefined ? { desktop: 0, server: 0 } : await stores.machines.countDevices(user.id);
  const had = { desktop: user?.desktopDevices ?? 0, server: user?.serverDevices ?? 0 };
  const free = await freeDevices(stores, group);
  for (const kind of ["desktop", "server"] as const) {
    if (wanted[kind] < used[kind])
      throw new HoldfastError("limit/out-of-range", {
        minimum: used[kind],
        maximum: free[kind] === null ? Number.MAX_SAFE_INTEGER : had[kind] + free[kind],
        above: `group ${group.name}`,
      });
    if (free[kind] !== null && wanted[kind] > had[kind] + free[kind])
      throw new HoldfastError("device/none-free", {
        device: kind,
        group: group.name,
        minimum: used[kind],
        maximum: had[kind] + free[kind],
      });
  }
}

/** Licences of a group, or else of its organization, that no user has; null: as many as anybody wants. */
export async function freeDevices(stores: RecordStores, group: GroupRow): Promise<Record<DeviceKind, number | null>> {
  const handed = await stores.pools.handedToUsers(group.id);
  const free = async (kind: DeviceKind): Promise<number | null> => {
    const own = (await stores.pools.find(group.id, kind))?.devices ?? null;
    return own === null ? null : own - handed[kind];
  };
  return { desktop: await free("desktop"), server: await free("server") };
}
