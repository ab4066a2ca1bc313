/** Rooms and licences as people see them: with what is free. */
import type { PoolView } from "../../../protocol/messages/organizations.ts";
import type { RecordStores } from "../../records/records.ts";
import type { GroupRow, PoolRow } from "../../records/rows.ts";
import type { GroupLicences, GroupRoom } from "../../records/tree.ts";
import { freeLicences, handedOn } from "./licences.ts";
import { sharedLimit } from "./rooms.ts";

export async function viewOrganizationPools(stores: RecordStores, organization: string): Promise<PoolView[]> {
  const views: PoolView[] = [];
  for (const pool of await stores.pools.list(organization)) {
    const rooms = await stores.tree.listRooms(organization, pool.kind);
    const left = leftForAll(pool, rooms);
    const licences = pool.kind === "all" ? [] : await stores.tree.listLicences(organization, pool.kind);
    const { devices } = pool;
    const devicesFree = devices === null ? null : Math.max(0, devices - handedOn(licences));
    views.push({ ...shown(pool), availableBytes: left, devicesFree });
  }
  return views;
}

export async function viewGroupPools(
  stores: RecordStores,
  { id, organization }: Pick<GroupRow, "id" | "organization">,
): Promise<PoolView[]> {
  const views: PoolView[] = [];
  for (const pool of await stores.pools.list(id)) {
    const above = await stores.pools.find(organization, pool.kind);
    const rooms = await stores.tree.listRooms(organization, pool.kind);
    const room = rooms.find(({ group }) => group === id);
    const availableBytes = room === undefined ? 0 : leftForGroup(room, above, rooms);
    const licences = pool.kind === "all" ? [] : await stores.tree.listLicences(organization, pool.kind);
    views.push({ ...shown(pool), availableBytes, devicesFree: devicesFreeIn(id, above, licences) });
  }
  return views;
}

const shown = ({ kind, mode, limitBytes, overageBytes, usedBytes, devices }: PoolRow) => ({
  kind,
  mode,
  limitBytes,
  overageBytes,
  usedBytes,
  devices,
});

/** Of what is not Assigned; null: no limit. */
function leftForAll({ limitBytes }: Pick<PoolRow, "limitBytes">, rooms: readonly GroupRoom[]): number | null {
  const shared = sharedLimit(limitBytes, rooms);
  if (shared === null) return null;
  const held = rooms.filter(({ mode }) => mode !== "assigned").reduce((sum, { heldBytes }) => sum + heldBytes, 0);
  return Math.max(0, shared - held);
}

function leftForGroup(room: GroupRoom, above: PoolRow | undefined, rooms: readonly GroupRoom[]): number | null {
  const own = room.limitBytes === null ? null : Math.max(0, room.limitBytes - room.heldBytes);
  const shared = leftForAll({ limitBytes: above?.limitBytes ?? null }, rooms);
  switch (room.mode) {
    case "none":
      return 0;
    case "assigned":
      return own;
    case "shared":
      return shared;
    case "limited":
      return own === null || shared === null ? (own ?? shared) : Math.min(own, shared);
  }
}

function devicesFreeIn(id: string, above: PoolRow | undefined, licences: readonly GroupLicences[]): number | null {
  const own = licences.find(({ group }) => group === id);
  const others = licences.filter((each) => each !== own);
  return own === undefined ? null : freeLicences(own, { devices: above?.devices ?? null, others });
}
