/** What limits may be, so that a form can say so before anything is sent; the same arithmetic refuses what is sent. */
import type { GroupDetails } from "../../../protocol/messages/groups.ts";
import type { OrganizationDetails } from "../../../protocol/messages/organizations.ts";
import type { RecordStores } from "../../records/records.ts";
import type { DeviceKind, GroupRow } from "../../records/rows.ts";
import { POOL_KINDS } from "./groups.ts";
import { groupLicencesAllowed, handedOn } from "./licences.ts";
import { devicesAllowed, licencesBeside, roomAbove, roomsBeside } from "./limits.ts";
import { type Allowed, fitsShared, groupAllowed, organizationMinimum } from "./rooms.ts";

type GroupAllowed = GroupDetails["allowed"];
type OrganizationAllowed = OrganizationDetails["allowed"];

export async function allowedInOrganization(stores: RecordStores, organization: string): Promise<OrganizationAllowed> {
  const pools: OrganizationAllowed["pools"] = [];
  for (const kind of POOL_KINDS) {
    const minimum = organizationMinimum(await stores.tree.listRooms(organization, kind));
    const licences = kind === "all" ? undefined : handedOn(await stores.tree.listLicences(organization, kind));
    const devices = licences === undefined ? null : { minimum: licences, maximum: null };
    pools.push({ kind, limitBytes: { minimum, maximum: null }, devices });
  }
  return { pools };
}

export async function allowedInGroup(
  stores: RecordStores,
  group: Pick<GroupRow, "id" | "organization">,
): Promise<GroupAllowed> {
  const pools: GroupAllowed["pools"] = [];
  for (const kind of POOL_KINDS) {
    const { room, ...beside } = await roomsBeside(stores, group, kind);
    pools.push({
      kind,
      limited: groupAllowed(room, "limited", beside),
      assigned: groupAllowed(room, "assigned", beside),
      fitsShared: fitsShared(room, beside),
      fitsNone: groupAllowed(room, "none", beside).minimum === 0,
      devices: kind === "all" ? null : await groupDevices(stores, group, kind),
    });
  }
  const limit = async (kind: DeviceKind): Promise<Allowed> => {
    return { minimum: 0, maximum: await roomAbove(stores, group.organization, group.id, kind) };
  };
  const limitBytes = { desktop: await limit("desktop"), server: await limit("server") };
  return { pools, newUser: { limitBytes, devices: await devicesAllowed(stores, group) } };
}

async function groupDevices(
  stores: RecordStores,
  group: Pick<GroupRow, "id" | "organization">,
  kind: DeviceKind,
): Promise<Allowed> {
  const { own, others, devices } = await licencesBeside(stores, group, kind);
  return groupLicencesAllowed(own, { devices, others });
}
