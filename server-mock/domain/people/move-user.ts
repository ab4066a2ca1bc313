/** A user goes to another group: its machines, keys and what they use go with it, if the group has the room and the licences. No data is moved. */
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, GroupRow, OrganizationRow, PoolKind } from "../../records/rows.ts";
import { hardLimit } from "../backup/quota.ts";
import { checkDevices, checkLimit, countedPools, roomAbove, roomsBeside } from "./limits.ts";
import { organizationHeld } from "./rooms.ts";

/** In a transaction, under the organization's quota turn. Throws `group/no-room`, `limit/out-of-range`, `device/none-free`. */
export async function moveUser(
  stores: RecordStores,
  { user, to, organization }: { user: AccountRow; to: GroupRow; organization: OrganizationRow },
): Promise<void> {
  const { id, userGroup: from, kind, limitBytes } = user;
  if (from === null) return bug("a user without a group");
  if (to.id === from) return;
  const used = await stores.machines.sumUsed(id);
  const promised = await stores.tree.sumPromised(id);
  const held = { desktop: used.desktop + promised.desktop, server: used.server + promised.server };
  for (const counted of countedPools(organization)) {
    const wanted = counted === "all" ? held.desktop + held.server : held[counted];
    await checkRoom(stores, { from, to, counted, wanted });
  }
  const maximum = await roomAbove(stores, organization.id, to.id, kind);
  const granted = Math.max(limitBytes ?? 0, await stores.machines.largestLimit(id));
  checkLimit(granted, { minimum: 0, maximum }, `group ${to.name}`, "group");
  await checkDevices(stores, to, { desktop: user.desktopDevices, server: user.serverDevices }, user);
  await stores.tree.moveUser(id, to.id);
  await stores.pools.move(from, to.id, used);
}

/** What comes must fit below every hard limit; promises on their way come, too. */
async function checkRoom(
  stores: RecordStores,
  { from, to, counted, wanted }: { from: string; to: GroupRow; counted: PoolKind; wanted: number },
): Promise<void> {
  const { room, others } = await roomsBeside(stores, to, counted);
  const refuse = (available: number) =>
    new HoldfastError("group/no-room", { group: to.name, wanted, available: Math.max(0, available) });
  const hard = room.mode === "none" ? 0 : hardLimit(room);
  if (hard !== null && wanted > 0 && room.heldBytes + wanted > hard) throw refuse(hard - room.heldBytes);
  // Out of an Assigned group's own room: the organization must have it elsewhere.
  const above = await stores.pools.find(to.organization, counted);
  const top = above === undefined ? null : hardLimit(above);
  const before = [room, ...others];
  const after = before.map((each) => {
    if (each.group === from) return { ...each, heldBytes: each.heldBytes - wanted };
    return each.group === to.id ? { ...each, heldBytes: each.heldBytes + wanted } : each;
  });
  const grown = organizationHeld(after) - organizationHeld(before);
  if (top !== null && grown > 0 && organizationHeld(after) > top)
    throw refuse(wanted - (organizationHeld(after) - top));
}
