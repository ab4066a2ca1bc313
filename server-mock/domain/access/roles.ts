/** Roles: what admins may do, and in which groups. Nobody makes or changes one that goes beyond themselves. */
import type { z } from "zod";
import { ORGANIZATION_CAPABILITIES } from "../../../protocol/capabilities.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RoleView, roleChange, roleCreate } from "../../../protocol/messages/roles.ts";
import type { RecordStores } from "../../records/records.ts";
import type { RoleRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { findOrganization } from "../people/organizations.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { instant } from "../views.ts";
import { actorOf, getGroup, isWithin } from "./access.ts";
import type { ConsoleCaller } from "./callers.ts";
import { checkWithin, excessOf, parseCapabilities, parseIds, type Reach, reachOf, reachOfRole } from "./reach.ts";

/** An admin's own organization; a top-level admin says which. Throws `organization/missing`. */
export async function organizationFor(
  stores: RecordStores,
  { account }: ConsoleCaller,
  wanted: string | undefined,
): Promise<string> {
  const named = wanted ?? account.organization;
  if (named === null)
    throw new HoldfastError("request/malformed", { reason: "name an organization", field: "organization" });
  if (account.organization !== null && named !== account.organization) throw new HoldfastError("organization/missing");
  return (await findOrganization(stores, named)).id;
}

export const reachOfCaller = ({ capabilities, scope }: ConsoleCaller): Reach => ({
  capabilities: [...capabilities],
  groups: scope.groups ?? null,
});

/** Whoever is bound to groups sees nothing that reaches beyond them. */
export const isSeen = (reach: Reach, caller: ConsoleCaller): boolean =>
  excessOf({ capabilities: [], groups: reach.groups }, reachOfCaller(caller)).length === 0;

export async function listRoles(
  { records }: Domain,
  caller: ConsoleCaller,
  query: ListQuery & { organization?: string | undefined },
): Promise<Page<RoleView>> {
  const organization = await organizationFor(records, caller, query.organization);
  const { items, next } = await pageOf(
    query,
    (page) => records.roles.list(page, organization),
    (row) => row,
  );
  const views: RoleView[] = [];
  for (const row of items) if (isSeen(definedReach(row), caller)) views.push(await viewRole(records, row));
  return { items: views, next };
}

/** Throws `role/missing`. */
export async function getRole(stores: RecordStores, caller: ConsoleCaller, id: string): Promise<RoleRow> {
  const row = await stores.roles.find(id);
  const isOwn = row !== undefined && isWithin({ organization: caller.scope.organization }, { ...row, ...NOBODY });
  if (row === undefined || !isOwn || !isSeen(definedReach(row), caller)) throw new HoldfastError("role/missing");
  return row;
}

const NOBODY = { userGroup: "", account: "" };

/** As it was written, whatever its maker may still do. */
export const definedReach = ({ capabilities, scopeGroups }: RoleRow): Reach => ({
  capabilities: parseCapabilities(capabilities),
  groups: scopeGroups === null ? null : parseIds(scopeGroups),
});

export async function viewRole(stores: RecordStores, row: RoleRow): Promise<RoleView> {
  const effective = await reachOfRole(stores, row);
  const { capabilities, groups } = definedReach(row);
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    capabilities: [...capabilities],
    groups: groups === null ? null : [...groups],
    effective: {
      capabilities: [...effective.capabilities],
      groups: effective.groups === null ? null : [...effective.groups],
    },
    admins: await stores.roles.countAccounts(row.id),
    version: row.version,
    createdAt: instant(row.createdAt),
  };
}

export const createRole = (
  domain: Domain,
  caller: ConsoleCaller,
  wanted: z.output<typeof roleCreate>,
  address: string,
): Promise<RoleView> =>
  domain.records.transaction(async (stores) => {
    const organization = await organizationFor(stores, caller, wanted.organization);
    const { name, capabilities, groups } = wanted;
    await checkRole(stores, caller, { organization, name, capabilities, groups });
    const row: RoleRow = {
      id: domain.newId(),
      organization,
      name,
      capabilities: JSON.stringify([...new Set(capabilities)]),
      scopeGroups: groups === null ? null : JSON.stringify([...new Set(groups)]),
      madeBy: caller.account.id,
      version: 1,
      createdAt: domain.clock.now(),
    };
    await stores.roles.insert(row);
    const detail = JSON.stringify({ capabilities, groups });
    const act = { organization, action: "roles/create", subject: name, detail };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
    return await viewRole(stores, row);
  });

/** Throws `role/exceeds` also when the role goes beyond the caller as it is. */
export const changeRole = (
  domain: Domain,
  caller: ConsoleCaller,
  { role, ifMatch, ...change }: z.output<typeof roleChange> & { role: string; ifMatch: number | undefined },
  address: string,
): Promise<RoleView> =>
  domain.records.transaction(async (stores) => {
    const row = await getRole(stores, caller, role);
    checkVersion(row, ifMatch);
    const before = definedReach(row);
    checkWithin(before, reachOfCaller(caller));
    const { name = row.name, capabilities = before.capabilities, groups = before.groups } = change;
    const wanted = { organization: row.organization, name, capabilities, groups };
    await checkRole(stores, caller, wanted, row);
    const maker = row.madeBy === null ? undefined : await stores.accounts.find(row.madeBy);
    const bound = maker === undefined ? undefined : await reachOf(stores, maker);
    const columns = {
      name,
      capabilities: JSON.stringify([...new Set(capabilities)]),
      scopeGroups: groups === null ? null : JSON.stringify([...new Set(groups)]),
      // Whoever gives more than its maker could answers for it from now on.
      madeBy: bound !== undefined && excessOf(wanted, bound).length === 0 ? row.madeBy : caller.account.id,
      version: row.version + 1,
    };
    await stores.roles.change(row.id, columns);
    const detail = JSON.stringify(change);
    const act = { organization: row.organization, action: "roles/change", subject: name, detail };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
    return await viewRole(stores, { ...row, ...columns });
  });

async function checkRole(
  stores: RecordStores,
  caller: ConsoleCaller,
  wanted: Reach & { organization: string; name: string },
  current?: RoleRow,
): Promise<void> {
  checkWithin(wanted, reachOfCaller(caller));
  // A top-level admin has more than any role of an organization can give.
  checkWithin(
    { capabilities: wanted.capabilities, groups: [] },
    { capabilities: ORGANIZATION_CAPABILITIES, groups: null },
  );
  for (const id of wanted.groups ?? []) {
    const group = await getGroup(stores, caller, id);
    if (group.organization !== wanted.organization) throw new HoldfastError("group/missing");
  }
  const same = await stores.roles.findByName(wanted.organization, wanted.name);
  if (same !== undefined && same.id !== current?.id) throw new HoldfastError("role/exists", { name: wanted.name });
}

/** Throws `role/in-use`. */
export const deleteRole = (domain: Domain, caller: ConsoleCaller, role: string, address: string): Promise<void> =>
  domain.records.transaction(async (stores) => {
    const row = await getRole(stores, caller, role);
    checkWithin(definedReach(row), reachOfCaller(caller));
    const admins = await stores.roles.countAccounts(row.id);
    if (admins > 0) throw new HoldfastError("role/in-use", { admins });
    await stores.roles.remove(row.id);
    const act = { organization: row.organization, action: "roles/delete", subject: row.name };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
  });

const ROLES_MAX = 10_000;

/** The roles that an admin made outlive it as they are at that moment; whoever removes it answers for them. */
export async function inheritRoles(
  stores: RecordStores,
  caller: ConsoleCaller,
  { id, organization }: { id: string; organization: string },
): Promise<void> {
  for (const role of await stores.roles.list({ limit: ROLES_MAX }, organization)) {
    if (role.madeBy !== id) continue;
    const { capabilities, groups } = await reachOfRole(stores, role);
    await stores.roles.change(role.id, {
      capabilities: JSON.stringify(capabilities),
      scopeGroups: groups === null ? null : JSON.stringify(groups),
      madeBy: caller.account.id,
      version: role.version + 1,
    });
  }
}
