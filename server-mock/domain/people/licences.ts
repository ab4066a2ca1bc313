/** Licences of one kind: an organization's, of which groups may have some of their own; users draw on their group's or else the organization's. */
import type { GroupLicences } from "../../records/tree.ts";
import type { Allowed } from "./rooms.ts";

/** What an organization has handed on: to groups, and to users of groups that have none of their own. */
export const handedOn = (groups: readonly GroupLicences[]): number =>
  groups.reduce((total, { devices, handed }) => total + (devices ?? handed), 0);

/** What a group's users may have beyond what they have; null: as many as anybody wants. */
export function freeLicences(
  group: GroupLicences,
  { devices, others }: { devices: number | null; others: readonly GroupLicences[] },
): number | null {
  if (group.devices !== null) return Math.max(0, group.devices - group.handed);
  return devices === null ? null : Math.max(0, devices - handedOn(others) - group.handed);
}

/** Of a group's own number. `devices` is the organization's. */
export const groupLicencesAllowed = (
  group: GroupLicences,
  { devices, others }: { devices: number | null; others: readonly GroupLicences[] },
): Allowed => ({
  minimum: group.handed,
  maximum: devices === null ? null : Math.max(0, devices - handedOn(others)),
});
