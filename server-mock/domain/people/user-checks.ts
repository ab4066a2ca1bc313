/** What a user's fields must agree with: its type, its organization's regions, Sync. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { DeviceKind, GroupRow, OrganizationRow } from "../../records/rows.ts";
import { effectiveSettings, settingsOf } from "./settings.ts";

/** All machines of a user are of its type. Throws `user/wrong-kind`. */
export function checkUserKind(
  kind: DeviceKind | null,
  { desktopDevices, serverDevices }: { desktopDevices: number; serverDevices: number },
): void {
  if (kind === "desktop" && serverDevices > 0) throw new HoldfastError("user/wrong-kind", { kind, other: "server" });
  if (kind === "server" && desktopDevices > 0) throw new HoldfastError("user/wrong-kind", { kind, other: "desktop" });
}

/** Throws `region/unknown`. */
export function checkRegion(organization: Pick<OrganizationRow, "settings">, region: string | null): void {
  if (region !== null && !settingsOf(organization).installRegions.includes(region))
    throw new HoldfastError("region/unknown", { region });
}

/** Throws `sync/not-offered`. */
export function checkSync(
  organization: OrganizationRow,
  group: GroupRow,
  { kind, sync }: { kind: DeviceKind | null; sync: boolean },
): void {
  if (!sync) return;
  if (kind === "server") throw new HoldfastError("sync/not-offered", { reason: "it is a Server user" });
  if (!effectiveSettings(organization, group).sync)
    throw new HoldfastError("sync/not-offered", { reason: `the group ${group.name} does not have it` });
}
