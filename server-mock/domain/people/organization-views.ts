/** Organizations and groups as the messages show them. */
import type { GroupDetails, GroupView } from "../../../protocol/messages/groups.ts";
import type { OrganizationDetails, OrganizationView } from "../../../protocol/messages/organizations.ts";
import type { RecordStores } from "../../records/records.ts";
import type { GroupRow, OrganizationRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { instant } from "../views.ts";
import { allowedInGroup, allowedInOrganization } from "./allowed.ts";
import { countedPools } from "./limits.ts";
import { viewGroupPools, viewOrganizationPools } from "./pool-views.ts";
import { groupSettingsOf, settingsOf } from "./settings.ts";
import { placeUrl } from "./subdomains.ts";

export async function viewOrganization(
  { outside }: Pick<Domain, "outside">,
  stores: RecordStores,
  row: OrganizationRow,
): Promise<OrganizationView> {
  const pools = await viewOrganizationPools(stores, row.id);
  const all = pools.find(({ kind }) => kind === "all");
  const settings = settingsOf(row);
  return {
    id: row.id,
    name: row.name,
    edition: row.edition,
    subdomain: row.subdomain,
    logInUrl: settings.usersLogIn && row.subdomain !== null ? placeUrl(outside, row.subdomain) : null,
    state: row.state === "active" ? "active" : "suspended",
    settings,
    limitBytes: all?.limitBytes ?? null,
    usedBytes: all?.usedBytes ?? 0,
    pools,
    version: row.version,
    createdAt: instant(row.createdAt),
  };
}

export const viewOrganizationDetails = async (
  domain: Pick<Domain, "outside">,
  stores: RecordStores,
  row: OrganizationRow,
): Promise<OrganizationDetails> => ({
  ...(await viewOrganization(domain, stores, row)),
  allowed: await allowedInOrganization(stores, row.id),
});

export async function viewGroup(stores: RecordStores, row: GroupRow): Promise<GroupView> {
  const organization = await stores.organizations.find(row.organization);
  const { desktop, server } = await stores.tree.countMachines({ userGroup: row.id });
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    label: groupLabel(row),
    isDefault: row.isDefault === 1,
    externalId: row.externalId,
    settings: groupSettingsOf(row),
    pools: await viewGroupPools(stores, row),
    counted: organization === undefined ? [] : [...countedPools(organization)],
    users: await stores.tree.countUsers(row.id),
    machines: desktop.real + desktop.virtual + server.real + server.virtual,
    version: row.version,
    createdAt: instant(row.createdAt),
  };
}

export const viewGroupDetails = async (stores: RecordStores, row: GroupRow): Promise<GroupDetails> => ({
  ...(await viewGroup(stores, row)),
  allowed: await allowedInGroup(stores, row),
});

/** As lists of users show it. */
export const groupLabel = ({ name, isDefault }: Pick<GroupRow, "name" | "isDefault">): string =>
  isDefault === 1 ? "(default user group)" : name;
