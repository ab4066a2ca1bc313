/** Settings are kept as JSON; what a row does not say has its default, what a group does not say its organization's. */
import { type GroupSettings, groupSettings } from "../../protocol/messages/groups.ts";
import { type OrganizationSettings, organizationSettings } from "../../protocol/messages/organizations.ts";
import type { GroupRow, OrganizationRow } from "../records/rows.ts";

export const settingsOf = ({ settings }: Pick<OrganizationRow, "settings">): OrganizationSettings =>
  organizationSettings.parse(JSON.parse(settings));

export const groupSettingsOf = ({ settings }: Pick<GroupRow, "settings">): GroupSettings =>
  groupSettings.parse(JSON.parse(settings));

/** What holds for the group's users. */
export const effectiveSettings = (organization: OrganizationRow, group: GroupRow): OrganizationSettings => {
  const own = Object.entries(groupSettingsOf(group)).filter(([, value]) => value !== undefined);
  return { ...settingsOf(organization), ...Object.fromEntries(own) };
};
