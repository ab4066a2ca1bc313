/** Users as the messages show them. */
import { bug } from "../../../protocol/errors.ts";
import type { UserDetails, UserView } from "../../../protocol/messages/users.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import { hasSecondFactor } from "../access/second-factor.ts";
import { hardLimit, quotaState } from "../backup/quota.ts";
import { instant, instantOrNull } from "../views.ts";
import { countedPool, devicesAllowed, userLimitAllowed } from "./limits.ts";
import { groupLabel } from "./organization-views.ts";
import { viewGroupPools } from "./pool-views.ts";
import { settingsOf } from "./settings.ts";

export async function viewUser(stores: RecordStores, row: AccountRow): Promise<UserView> {
  const used = await stores.machines.countDevices(row.id);
  const group = row.userGroup === null ? undefined : await stores.groups.find(row.userGroup);
  if (group === undefined || row.state === "purged") return bug("a user without a group");
  return {
    id: row.id,
    email: row.login,
    group: { id: group.id, name: group.name, label: groupLabel(group), isDefault: group.isDefault === 1 },
    externalId: row.externalId,
    kind: row.kind,
    name: row.name,
    state: row.state,
    undeletableUntil: instantOrNull(row.state === "deleted" ? await undeletableUntil(stores, row) : null),
    mustActivate: row.password === null,
    limitBytes: row.limitBytes,
    overageBytes: row.overageBytes,
    usedBytes: row.usedBytes,
    machines: row.machineCount,
    lastBackupAt: instantOrNull(row.lastBackupAt),
    devices: {
      desktop: { used: used.desktop, limit: row.desktopDevices },
      server: { used: used.server, limit: row.serverDevices },
    },
    sync: row.sync === 1,
    installRegion: row.installRegion,
    notifications: row.notifications,
    businessNotifications: row.businessNotifications === 1,
    agentAutoUpdate: row.agentAutoUpdate === 1,
    locations: row.locations,
    createdFrom: row.createdFrom,
    version: row.version,
    createdAt: instant(row.createdAt),
  };
}

export async function viewUserDetails(stores: RecordStores, row: AccountRow): Promise<UserDetails> {
  const view = await viewUser(stores, row);
  const { organization } = row;
  if (organization === null) return bug("a user without an organization");
  const allowed = await devicesAllowed(stores, { id: view.group.id, organization }, row);
  return {
    ...view,
    availableBytes: await roomLeft(stores, row),
    quotaState: quotaState([row]),
    hasSecondFactor: hasSecondFactor(row),
    allowed: {
      limitBytes: await userLimitAllowed(stores, row),
      desktopDevices: allowed.desktop,
      serverDevices: allowed.server,
    },
  };
}

/** What the user's machines may still store: the tightest of its own limit and what its group has free. null: no limit. */
async function roomLeft(stores: RecordStores, row: AccountRow): Promise<number | null> {
  const { organization, userGroup, kind } = row;
  if (organization === null || userGroup === null) return null;
  const promised = await stores.tree.sumPromised(row.id);
  const hard = hardLimit(row);
  const own = hard === null ? null : Math.max(0, hard - row.usedBytes - promised.desktop - promised.server);
  const counted = await countedPool(stores, organization, kind);
  const pools = await viewGroupPools(stores, { id: userGroup, organization });
  const group = pools.find((each) => each.kind === counted)?.availableBytes ?? null;
  return own === null || group === null ? (own ?? group) : Math.min(own, group);
}

/** Milliseconds since 1970. */
export async function undeletableUntil(stores: RecordStores, row: AccountRow): Promise<number> {
  const organization = row.organization === null ? undefined : await stores.organizations.find(row.organization);
  const days = organization === undefined ? 0 : settingsOf(organization).undeleteUserDays;
  return (row.stateAt ?? row.createdAt) + days * 24 * 3_600_000;
}
