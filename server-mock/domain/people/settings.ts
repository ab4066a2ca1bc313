/** Settings are kept as JSON; what a row does not say has its default, what a group does not say its organization's. */
import { HoldfastError } from "../../../protocol/errors.ts";
import { type GroupChange, type GroupSettings, groupSettings } from "../../../protocol/messages/groups.ts";
import {
  type OrganizationSettings,
  type OrganizationSettingsChange,
  organizationSettings,
} from "../../../protocol/messages/organizations.ts";
import type { GroupRow, OrganizationRow } from "../../records/rows.ts";

export const settingsOf = ({ settings }: Pick<OrganizationRow, "settings">): OrganizationSettings =>
  organizationSettings.parse(JSON.parse(settings));

/** Settings as JSON after a change of some. Throws `subdomain/needed`. */
export function changedSettings(
  row: Pick<OrganizationRow, "settings" | "subdomain">,
  change: OrganizationSettingsChange,
): string {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  const settings = { ...(JSON.parse(row.settings) as object), ...Object.fromEntries(named) };
  if (settingsOf({ settings: JSON.stringify(settings) }).usersLogIn && row.subdomain === null)
    throw new HoldfastError("subdomain/needed", { reason: "users are to log in" });
  return JSON.stringify(settings);
}

export const groupSettingsOf = ({ settings }: Pick<GroupRow, "settings">): GroupSettings =>
  groupSettings.parse(JSON.parse(settings));

/** Settings as JSON after a change of some; null takes the group's own word back. */
export function changedGroupSettings(
  row: Pick<GroupRow, "settings">,
  change: NonNullable<GroupChange["settings"]>,
): string {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  const all = Object.entries({ ...groupSettingsOf(row), ...Object.fromEntries(named) });
  return JSON.stringify(Object.fromEntries(all.filter(([, value]) => value !== null)));
}

/** What holds for the group's users. */
export const effectiveSettings = (organization: OrganizationRow, group: GroupRow): OrganizationSettings => {
  const own = Object.entries(groupSettingsOf(group)).filter(([, value]) => value !== undefined);
  return { ...settingsOf(organization), ...Object.fromEntries(own) };
};
