/** User groups: made, changed, removed; their rooms and licences within the organization's. */
import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import type {
  GroupChange,
  GroupDetails,
  GroupPool,
  GroupQuery,
  GroupView,
  groupCreate,
} from "../../../protocol/messages/groups.ts";
import type { RecordStores } from "../../records/records.ts";
import type { GroupRow } from "../../records/rows.ts";
import { actorOf, getGroup } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { checkHasGroups } from "./editions.ts";
import { addGroup } from "./groups.ts";
import { groupLicencesAllowed } from "./licences.ts";
import { checkLimit, licencesBeside, roomsBeside } from "./limits.ts";
import { viewGroup, viewGroupDetails } from "./organization-views.ts";
import { getOrganization } from "./organizations.ts";
import { fitsShared, groupAllowed } from "./rooms.ts";
import { changedGroupSettings } from "./settings.ts";
import { definedOnly } from "./users.ts";

/** Throws `organization/missing`. */
export async function listGroups(
  { records }: Domain,
  caller: ConsoleCaller,
  { organization, ...query }: GroupQuery,
): Promise<Page<GroupView>> {
  const { scope } = await narrowed(records, caller, organization);
  return await pageOf(
    query,
    (page) => records.groups.list(page, scope),
    (row) => viewGroup(records, row),
  );
}

/** `organization`: of a top-level admin. Throws `edition/not-allowed`, `group/exists`, `limit/out-of-range`. */
export async function createGroup(
  domain: Domain,
  caller: ConsoleCaller,
  wanted: z.output<typeof groupCreate> & { organization: string },
  address: string,
): Promise<GroupView> {
  if (caller.scope.groups !== undefined) throw new HoldfastError("role/not-allowed", { action: "create user groups" });
  return await domain.records.transaction(async (stores) => {
    const organization = await getOrganization(stores, caller, wanted.organization);
    checkHasGroups(organization);
    await checkName(stores, organization.id, wanted.name);
    const { name, externalId, settings } = wanted;
    const fields = { organization: organization.id, name, externalId, settings: JSON.stringify(settings) };
    const group = await addGroup(domain, stores, fields);
    for (const [index, pool] of wanted.pools.entries()) await changePool(stores, group, pool, `pools.${index}`);
    await auditGroup(domain, stores, { caller, address, group, action: "groups/create", detail: wanted });
    return await viewGroup(stores, group);
  });
}

/** Throws `group/exists`, `limit/out-of-range`, `edit/conflict`. */
export async function changeGroup(
  domain: Domain,
  caller: ConsoleCaller,
  change: GroupChange & { group: string; ifMatch: number | undefined },
  address: string,
): Promise<GroupDetails> {
  return await domain.records.transaction(async (stores) => {
    const group = await getGroup(stores, caller, change.group);
    checkVersion(group, change.ifMatch);
    if (caller.scope.groups !== undefined && (change.pools !== undefined || change.isDefault))
      throw new HoldfastError("role/not-allowed", { action: "change what a user group was given" });
    if (change.name !== undefined) await checkName(stores, group.organization, change.name, group.id);
    const { name, externalId, isDefault } = change;
    const settings = changedGroupSettings(group, change.settings ?? {});
    if (isDefault) {
      const before = await stores.groups.findDefault(group.organization);
      if (before !== undefined)
        await stores.groups.change(before.id, {
          isDefault: 0,
          version: before.version + (before.id === group.id ? 0 : 1),
        });
    }
    const columns = {
      ...definedOnly({ name, externalId }),
      ...(isDefault ? ({ isDefault: 1 } as const) : {}),
      settings,
      version: group.version + 1,
    };
    await stores.groups.change(group.id, columns);
    for (const [index, pool] of (change.pools ?? []).entries()) await changePool(stores, group, pool, `pools.${index}`);
    const { group: _, ifMatch: __, ...detail } = change;
    await auditGroup(domain, stores, { caller, address, group, action: "groups/change", detail });
    return await viewGroupDetails(stores, { ...group, ...columns });
  });
}

/** An empty one that is not the default. Throws `group/not-empty`, `group/default`. */
export async function removeGroup(domain: Domain, caller: ConsoleCaller, id: string, address: string): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const group = await getGroup(stores, caller, id);
    const { name } = group;
    if (caller.scope.groups !== undefined)
      throw new HoldfastError("role/not-allowed", { action: "delete user groups" });
    if (group.isDefault === 1) throw new HoldfastError("group/default", { name });
    const members = await stores.groups.countMembers(id);
    if (members > 0) throw new HoldfastError("group/not-empty", { name, members });
    await stores.tree.removeGroup(id);
    await stores.usage.removeOf(id);
    await auditGroup(domain, stores, { caller, address, group, action: "groups/delete", detail: {} });
  });
}

async function checkName(stores: RecordStores, organization: string, name: string, own?: string): Promise<void> {
  const holder = await stores.groups.findByName(organization, name);
  if (holder !== undefined && holder.id !== own) throw new HoldfastError("group/exists", { name });
}

/** `place`: of the pool in the request. */
async function changePool(stores: RecordStores, group: GroupRow, pool: GroupPool, place: string): Promise<void> {
  const { kind, devices, overageBytes } = pool;
  const before = await stores.pools.find(group.id, kind);
  const mode = pool.mode ?? before?.mode ?? "shared";
  const hasLimit = mode === "limited" || mode === "assigned";
  const limitBytes = hasLimit ? (pool.limitBytes ?? before?.limitBytes ?? null) : null;
  if (mode !== before?.mode || limitBytes !== before.limitBytes)
    await checkRoom(stores, group, { kind, mode, limitBytes, place });
  if (devices !== undefined && kind === "all")
    throw new HoldfastError("request/malformed", {
      reason: "licences are Desktop or Server",
      field: `${place}.devices`,
    });
  if (typeof devices === "number" && kind !== "all") {
    const { own, others, devices: above } = await licencesBeside(stores, group, kind);
    checkLimit(devices, groupLicencesAllowed(own, { devices: above, others }), undefined, `${place}.devices`);
  }
  await stores.pools.change(group.id, kind, { mode, limitBytes, ...definedOnly({ devices, overageBytes }) });
}

async function checkRoom(
  stores: RecordStores,
  group: GroupRow,
  {
    kind,
    mode,
    limitBytes,
    place,
  }: { kind: GroupPool["kind"]; mode: NonNullable<GroupPool["mode"]>; limitBytes: number | null; place: string },
): Promise<void> {
  const { room, others, limitBytes: above } = await roomsBeside(stores, group, kind);
  const allowed = groupAllowed(room, mode, { limitBytes: above, others });
  if (mode === "limited" || mode === "assigned")
    return limitBytes === null ? limitNeeded(place) : checkLimit(limitBytes, allowed, undefined, `${place}.limitBytes`);
  const fits = mode === "none" ? allowed.minimum === 0 : fitsShared(room, { limitBytes: above, others });
  if (!fits) {
    const { minimum, maximum } = allowed;
    const ends = { minimum, maximum: maximum ?? minimum, above: "organization" };
    throw new HoldfastError("limit/out-of-range", { ...ends, field: `${place}.mode` });
  }
}

function limitNeeded(place: string): never {
  throw new HoldfastError("request/malformed", {
    reason: "a Limited or Assigned group needs limitBytes",
    field: `${place}.limitBytes`,
  });
}

async function auditGroup(
  domain: Domain,
  stores: RecordStores,
  act: { caller: ConsoleCaller; address: string; group: GroupRow; action: string; detail: object },
): Promise<void> {
  const { organization, name } = act.group;
  const by = actorOf(act.caller, act.address);
  await audit(domain, stores, {
    ...by,
    organization,
    action: act.action,
    subject: name,
    detail: JSON.stringify(act.detail),
  });
}
