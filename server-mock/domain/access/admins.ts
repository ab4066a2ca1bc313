/** Admins of an organization, and top-level admins. Nobody touches somebody who may do more than themselves, and the last one stays. */
import type { z } from "zod";
import { ORGANIZATION_CAPABILITIES } from "../../../protocol/capabilities.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { AdminView, adminChange, adminCreate, ownerCreate } from "../../../protocol/messages/roles.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { mailAdmins, mailSecurityNotice } from "../mail/security-mails.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { addAccount } from "../people/new-account.ts";
import { definedOnly } from "../people/users.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { instant } from "../views.ts";
import { actorOf } from "./access.ts";
import type { ConsoleCaller } from "./callers.ts";
import { takeAway } from "./own-second-factor.ts";
import { checkWithin, type Reach, reachOf } from "./reach.ts";
import { definedReach, getRole, inheritRoles, isSeen, organizationFor, reachOfCaller } from "./roles.ts";
import { hasSecondFactor } from "./second-factor.ts";

/** Of an organization, or of the service. */
export type AdminKind = "admin" | "owner";

/** All rights in an organization. */
const FULL: Reach = { capabilities: ORGANIZATION_CAPABILITIES, groups: null };

export async function listAdmins(
  domain: Domain,
  caller: ConsoleCaller,
  query: ListQuery & { organization?: string | undefined },
): Promise<Page<AdminView>> {
  const { records } = domain;
  const organization = await organizationFor(records, caller, query.organization);
  return await listOf(domain, caller, { query, organization, role: "admin" });
}

export const listOwners = (domain: Domain, caller: ConsoleCaller, query: ListQuery): Promise<Page<AdminView>> =>
  listOf(domain, caller, { query, organization: undefined, role: "owner" });

async function listOf(
  { records }: Domain,
  caller: ConsoleCaller,
  { query, organization, role }: { query: ListQuery; organization: string | undefined; role: AdminKind },
): Promise<Page<AdminView>> {
  const { items, next } = await pageOf(
    query,
    (page) => records.accounts.list(page, { organization, role }),
    (row) => row,
  );
  const views: AdminView[] = [];
  for (const row of items)
    if (row.state !== "deleted" && isSeen(await reachOf(records, row), caller))
      views.push(await viewAdmin(records, row));
  return { items: views, next };
}

export async function viewAdmin(stores: RecordStores, row: AccountRow): Promise<AdminView> {
  const role = row.roleId === null ? undefined : await stores.roles.find(row.roleId);
  return {
    id: row.id,
    organization: row.organization,
    email: row.login,
    name: row.name,
    // Users only are ever purged.
    state: row.state === "purged" ? "deleted" : row.state,
    role: role === undefined ? null : { id: role.id, name: role.name },
    hasSecondFactor: hasSecondFactor(row),
    version: row.version,
    createdAt: instant(row.createdAt),
  };
}

/** Throws `admin/missing`. */
export async function getAdmin(
  stores: RecordStores,
  caller: ConsoleCaller,
  { id, role }: { id: string; role: AdminKind },
): Promise<AccountRow> {
  const row = await stores.accounts.find(id);
  const { organization } = caller.scope;
  const isOwn =
    row?.role === role &&
    row.state !== "deleted" &&
    (organization === undefined || organization === row.organization) &&
    isSeen(await reachOf(stores, row), caller);
  if (!isOwn) throw new HoldfastError("admin/missing");
  return row;
}

/** To be changed: throws `role/exceeds` when it may do more than the caller. */
async function getLesser(
  stores: RecordStores,
  caller: ConsoleCaller,
  wanted: { id: string; role: AdminKind },
): Promise<AccountRow> {
  const row = await getAdmin(stores, caller, wanted);
  checkWithin(await reachOf(stores, row), reachOfCaller(caller));
  return row;
}

export async function createAdmin(
  domain: Domain,
  caller: ConsoleCaller,
  wanted: z.output<typeof adminCreate>,
  address: string,
): Promise<AdminView> {
  const password = await domain.passwords.hash(wanted.password);
  return await domain.records.transaction(async (stores) => {
    const organization = await organizationFor(stores, caller, wanted.organization);
    await checkRoleFor(stores, caller, organization, wanted.role);
    const { email, name, role: roleId } = wanted;
    const fields = { organization, role: "admin", email, name, password, roleId, createdFrom: address } as const;
    const row = await addAccount(domain, stores, fields);
    const by = actorOf(caller, address);
    await audit(domain, stores, { ...by, organization, action: "admins/create", subject: row.login, account: row.id });
    await mailAdmins(domain, stores, organization, { kind: "admin-created", subject: row.login }, by);
    return await viewAdmin(stores, row);
  });
}

/** Throws `role/missing`, `role/exceeds`. */
async function checkRoleFor(
  stores: RecordStores,
  caller: ConsoleCaller,
  organization: string | null,
  id: string | null,
): Promise<void> {
  const role = id === null ? undefined : await getRole(stores, caller, id);
  if (role !== undefined && role.organization !== organization) throw new HoldfastError("role/missing");
  checkWithin(role === undefined ? FULL : definedReach(role), reachOfCaller(caller));
}

export async function createOwner(
  domain: Domain,
  caller: ConsoleCaller,
  wanted: z.output<typeof ownerCreate>,
  address: string,
): Promise<AdminView> {
  const password = await domain.passwords.hash(wanted.password);
  return await domain.records.transaction(async (stores) => {
    const { email, name } = wanted;
    const fields = { organization: null, role: "owner", email, name, password, createdFrom: address } as const;
    const row = await addAccount(domain, stores, fields);
    const act = { organization: null, action: "owners/create", subject: row.login, account: row.id };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
    return await viewAdmin(stores, row);
  });
}

/** Throws `admin/last`. */
export async function changeAdmin(
  domain: Domain,
  caller: ConsoleCaller,
  wanted: { id: string; role: AdminKind; ifMatch: number | undefined; change: z.output<typeof adminChange> },
  address: string,
): Promise<AdminView> {
  const { change } = wanted;
  await getLesser(domain.records, caller, wanted);
  const password = change.password === undefined ? undefined : await domain.passwords.hash(change.password);
  return await domain.records.transaction(async (stores) => {
    const row = await getLesser(stores, caller, wanted);
    checkVersion(row, wanted.ifMatch);
    if (change.role !== undefined) await checkRoleFor(stores, caller, row.organization, change.role);
    if (change.state === "suspended" || typeof change.role === "string") await checkNotLast(stores, row);
    const columns = {
      ...definedOnly({ name: change.name, state: change.state, roleId: change.role, password }),
      ...(change.state === undefined ? {} : { stateAt: domain.clock.now() }),
      ...(password === undefined ? {} : { isPasswordTemporary: 0 as const }),
      version: row.version + 1,
    };
    await stores.accounts.change(row.id, columns);
    const by = actorOf(caller, address);
    if (password !== undefined) {
      // A new password ends every log-in that was made with the old one.
      await stores.tokens.removeOf({ account: row.id });
      await mailSecurityNotice(domain, stores, row, { kind: "password-changed" }, by);
    }
    const detail = JSON.stringify({ ...change, password: password === undefined ? undefined : "changed" });
    const act = { organization: row.organization, action: `${wanted.role}s/change`, subject: row.login, detail };
    await audit(domain, stores, { ...by, ...act, account: row.id });
    return await viewAdmin(stores, { ...row, ...columns });
  });
}

/** Its log-in name is free again. Throws `admin/last`. */
export const deleteAdmin = (
  domain: Domain,
  caller: ConsoleCaller,
  wanted: { id: string; role: AdminKind },
  address: string,
): Promise<void> =>
  domain.records.transaction(async (stores) => {
    const row = await getLesser(stores, caller, wanted);
    await checkNotLast(stores, row);
    const { id, organization, login, version } = row;
    if (organization !== null) await inheritRoles(stores, caller, { id, organization });
    const gone = { state: "deleted", stateAt: domain.clock.now(), login: `deleted-${id}` } as const;
    await stores.accounts.change(id, { ...gone, password: null, totp: null, version: version + 1 });
    await stores.tokens.removeOf({ account: id });
    await stores.links.removeOf(id);
    const act = { organization, action: `${wanted.role}s/delete`, subject: login, account: id };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
  });

export const removeAdminSecondFactor = (
  domain: Domain,
  caller: ConsoleCaller,
  admin: string,
  address: string,
): Promise<void> =>
  domain.records.transaction(async (stores) =>
    takeAway(domain, stores, await getLesser(stores, caller, { id: admin, role: "admin" }), { caller, address }),
  );

const ADMINS_MAX = 10_000;

/** An organization, and the service, always has somebody who may do everything. */
export async function checkNotLast(stores: RecordStores, row: AccountRow): Promise<void> {
  const { id, role, roleId, organization, state } = row;
  if (role === "user" || roleId !== null || state !== "active") return;
  const all = await stores.accounts.list({ limit: ADMINS_MAX }, { organization: organization ?? undefined, role });
  const isLast = !all.some((each) => each.id !== id && each.roleId === null && each.state === "active");
  if (isLast) throw new HoldfastError("admin/last");
}
