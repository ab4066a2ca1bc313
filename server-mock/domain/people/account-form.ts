/** The account form: a log-in with quotas of its own, an administrator or not, inactive until its mail is followed. */
import { ORGANIZATION_CAPABILITIES } from "../../../protocol/capabilities.ts";
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type {
  AccountChange,
  AccountCreate,
  AccountDetails,
  AccountView,
} from "../../../protocol/messages/account-form.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import { actorOf, isWithin, requireCapability, requireProven } from "../access/access.ts";
import { checkNotLast } from "../access/admins.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { makeLink } from "../access/links.ts";
import { checkWithin, reachOf } from "../access/reach.ts";
import { organizationFor, reachOfCaller } from "../access/roles.ts";
import { quotaState, quotaTurn } from "../backup/quota.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { mailActivation } from "../mail/account-mails.ts";
import { mailAdmins } from "../mail/security-mails.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { instant } from "../views.ts";
import { countByQuota, QUOTA_NAMES, quotasOf, stateOfCount } from "./device-quotas.ts";
import { checkHasUsers } from "./editions.ts";
import { checkLimit, checkUserLimit, userLimitAllowed } from "./limits.ts";
import { addAccount } from "./new-account.ts";
import { groupFor } from "./new-users.ts";
import { findOrganization } from "./organizations.ts";
import { settingsOf } from "./settings.ts";
import { definedOnly } from "./users.ts";

export async function listAccounts(
  { records }: Domain,
  caller: ConsoleCaller,
  query: ListQuery & { organization?: string | undefined },
): Promise<Page<AccountView>> {
  const organization = await organizationFor(records, caller, query.organization);
  return await pageOf(
    query,
    (page) => records.tree.listAccounts(page, { ...caller.scope, organization }),
    (row) => viewAccount(records, row),
  );
}

/** Throws `account/missing`. */
export async function getAccount(stores: RecordStores, caller: ConsoleCaller, id: string): Promise<AccountRow> {
  const row = await stores.accounts.find(id);
  const isSeen =
    row !== undefined &&
    row.role !== "owner" &&
    row.state !== "purged" &&
    row.state !== "deleted" &&
    row.userGroup !== null &&
    isWithin(caller.scope, { organization: row.organization, userGroup: row.userGroup, account: row.id });
  if (!isSeen) throw new HoldfastError("account/missing");
  return row;
}

/** Throws `accounts/not-offered`, `account/exists`, `limit/out-of-range`; `role/exceeds` when it is to be more than its maker. */
export async function createAccount(
  domain: Domain,
  caller: ConsoleCaller,
  wanted: AccountCreate,
  address: string,
): Promise<AccountView> {
  const { records } = domain;
  const id = await organizationFor(records, caller, wanted.organization);
  return await records.transaction(
    async (stores) => {
      const organization = await findOrganization(stores, id);
      if (!settingsOf(organization).accountForm) throw new HoldfastError("accounts/not-offered");
      checkHasUsers(organization);
      if (wanted.administrator) checkMayMakeAdmins(domain, caller);
      const group = await groupFor(stores, { caller, organization: id, id: wanted.group });
      await checkUserLimit(stores, group, { limitBytes: wanted.limitBytes, minimum: 0, kind: null });
      const { login, email, firstName, lastName, limitBytes, overageBytes, locations, notifications } = wanted;
      const row = await addAccount(domain, stores, {
        ...{ login, email, firstName, lastName, limitBytes, overageBytes, locations, notifications },
        organization: id,
        role: wanted.administrator ? "admin" : "user",
        name: nameOf(wanted),
        password: null,
        state: "inactive",
        userGroup: group.id,
        agentAutoUpdate: wanted.agentAutoUpdate ? 1 : 0,
        businessNotifications: wanted.businessNotifications ? 1 : 0,
        deviceQuotas: JSON.stringify({ ...UNLIMITED, ...definedOnly(wanted.quotas) }),
        createdFrom: address,
      });
      const by = actorOf(caller, address);
      await audit(domain, stores, {
        ...by,
        organization: id,
        account: row.id,
        action: "accounts/create",
        subject: row.login,
      });
      await emit(domain, stores, {
        organization: id,
        account: row.id,
        kind: "user.created",
        detail: { email: row.email },
      });
      if (wanted.administrator) await mailAdmins(domain, stores, id, { kind: "admin-created", subject: row.login }, by);
      await mailActivation(domain, stores, row, await makeLink(domain, stores, row, "activate"));
      return await viewAccount(stores, row);
    },
    quotaTurn({ organization: id }),
  );
}

const UNLIMITED = Object.fromEntries(QUOTA_NAMES.map((name) => [name, { limit: null, overage: null }]));

const nameOf = ({ firstName, lastName, login }: Pick<AccountRow, "firstName" | "lastName" | "login">): string =>
  [firstName, lastName].filter((part) => part !== null).join(" ") || login;

/** As `POST /v1/admins`: only the person itself, with a fresh proof. */
function checkMayMakeAdmins(domain: Domain, caller: ConsoleCaller): void {
  requireCapability(caller, "roles.create");
  requireProven(domain, caller, false);
  checkWithin({ capabilities: ORGANIZATION_CAPABILITIES, groups: null }, reachOfCaller(caller));
}

/** Throws `account/exists`, `limit/out-of-range`, `admin/last`, `edit/conflict`; `role/exceeds` for an account that may do more than the caller. */
export async function changeAccount(
  domain: Domain,
  caller: ConsoleCaller,
  change: AccountChange & { account: string; ifMatch: number | undefined },
  address: string,
): Promise<AccountDetails> {
  const found = await getAccount(domain.records, caller, change.account);
  return await domain.records.transaction(
    async (stores) => {
      const row = await getAccount(stores, caller, change.account);
      checkVersion(row, change.ifMatch);
      if (row.role === "admin") checkWithin(await reachOf(stores, row), reachOfCaller(caller));
      // Who has the log-in name, or the mails, has the account.
      if (change.login !== undefined || change.email !== undefined) requireProven(domain, caller);
      if (change.administrator && row.role !== "admin") checkMayMakeAdmins(domain, caller);
      await checkChange(stores, row, change);
      const columns = { ...columnsOf(domain, row, change), version: row.version + 1 };
      await stores.accounts.change(row.id, columns);
      const changed: AccountRow = { ...row, ...columns };
      // Log-ins were given for what the account could do then: an admin may need a second factor, or have had somebody act as the user.
      if (changed.role !== row.role) await stores.tokens.removeOf({ account: row.id });
      if (changed.email !== row.email) await endOldLinks(domain, stores, changed);
      const { account: _, ifMatch: __, ...told } = change;
      const act = { organization: row.organization, account: row.id, action: "accounts/change", subject: row.login };
      await audit(domain, stores, { ...actorOf(caller, address), ...act, detail: JSON.stringify(told) });
      return await viewAccountDetails(stores, changed);
    },
    quotaTurn({ organization: found.organization ?? "" }),
  );
}

/** They lie in a mailbox that is no longer the account's. */
async function endOldLinks(domain: Domain, stores: RecordStores, account: AccountRow): Promise<void> {
  await stores.links.removeOf(account.id);
  if (account.state !== "inactive") return;
  await mailActivation(domain, stores, account, await makeLink(domain, stores, account, "activate"));
}

async function checkChange(
  stores: RecordStores,
  row: AccountRow,
  { login, administrator, state, limitBytes }: AccountChange,
): Promise<void> {
  if (login !== undefined && login !== row.login && (await stores.accounts.findByLogin(login)) !== undefined)
    throw new HoldfastError("account/exists", { email: login });
  if (limitBytes !== undefined) checkLimit(limitBytes, await userLimitAllowed(stores, row), "group");
  if (row.role === "admin" && (administrator === false || state === "suspended")) await checkNotLast(stores, row);
}

function columnsOf({ clock }: Domain, row: AccountRow, change: AccountChange) {
  const { login, email, firstName, lastName, limitBytes, overageBytes, locations, notifications } = change;
  const { administrator, state, agentAutoUpdate, businessNotifications, quotas } = change;
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : value ? (1 as const) : (0 as const));
  const next = state === "active" && row.password === null ? ("inactive" as const) : state;
  const named = definedOnly({
    ...{ login, email: email?.toLowerCase(), firstName, lastName, limitBytes, overageBytes, locations, notifications },
    role: administrator === undefined ? undefined : administrator ? ("admin" as const) : ("user" as const),
    roleId: administrator === false ? null : undefined,
    state: next,
    stateAt: next === undefined || next === row.state ? undefined : clock.now(),
    agentAutoUpdate: flag(agentAutoUpdate),
    businessNotifications: flag(businessNotifications),
    deviceQuotas: quotas && JSON.stringify({ ...quotasOf(row), ...definedOnly(quotas) }),
  });
  const isNamed = firstName !== undefined || lastName !== undefined;
  return isNamed ? { ...named, name: nameOf({ ...row, ...named }) } : named;
}

export const viewAccountDetails = async (stores: RecordStores, row: AccountRow): Promise<AccountDetails> => ({
  ...(await viewAccount(stores, row)),
  allowed: { limitBytes: await userLimitAllowed(stores, row) },
});

async function viewAccount(stores: RecordStores, row: AccountRow): Promise<AccountView> {
  const group = row.userGroup === null ? undefined : await stores.groups.find(row.userGroup);
  const { organization, state } = row;
  if (group === undefined || organization === null || state === "purged") return bug("an account without a group");
  const used = await countByQuota(stores, row.id);
  const quotas = quotasOf(row);
  const quota = (name: (typeof QUOTA_NAMES)[number]) => {
    const { limit = null, overage = null } = quotas[name] ?? {};
    return { used: used[name], limit, overage, state: stateOfCount(used[name], limit) };
  };
  const { id, login, email, firstName, lastName, name, usedBytes, limitBytes, overageBytes } = row;
  return {
    ...{ id, organization, login, email, firstName, lastName, name, state },
    group: { id: group.id, name: group.name },
    administrator: row.role === "admin",
    agentAutoUpdate: row.agentAutoUpdate === 1,
    quotas: {
      workstations: quota("workstations"),
      servers: quota("servers"),
      virtualMachines: quota("virtualMachines"),
      mobiles: quota("mobiles"),
      mailboxes: quota("mailboxes"),
    },
    storage: { usedBytes, limitBytes, overageBytes, state: quotaState([row]) },
    locations: row.locations,
    notifications: row.notifications,
    businessNotifications: row.businessNotifications === 1,
    version: row.version,
    createdAt: instant(row.createdAt),
  };
}
