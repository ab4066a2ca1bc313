/** Organizations and the accounts in them. */
import type { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";
import type {
  organizationCreate,
  organizationView,
  UserView,
  userChange,
  userCreate,
} from "../../protocol/messages/accounts.ts";
import type { RecordStores } from "../records/records.ts";
import type { AccountRow, OrganizationRow } from "../records/rows.ts";
import { getUser, requireRole, scopeOf } from "./access.ts";
import { audit } from "./audit.ts";
import type { ConsoleCaller } from "./callers.ts";
import type { Domain } from "./domain.ts";
import { checkLimit } from "./limits.ts";
import { normalEmail } from "./log-in.ts";
import { type ListQuery, type Page, pageOf } from "./pages.ts";
import { viewOrganization, viewUser } from "./views.ts";

type OrganizationView = z.infer<typeof organizationView>;

/** Who acts: a person at the console, or the operator at the service's own machine. */
export interface Actor {
  readonly actor: string;
  readonly address?: string | undefined;
}

export async function createOrganization(
  domain: Domain,
  wanted: z.output<typeof organizationCreate>,
  by: Actor,
): Promise<{ organization: OrganizationView; admin: AccountRow }> {
  // Outside the transaction: it takes long.
  const password = await domain.passwords.hash(wanted.admin.password);
  return await domain.records.transaction(async (stores) => {
    const { name, limitBytes } = wanted;
    if ((await stores.organizations.findByName(name)) !== undefined)
      throw new HoldfastError("organization/exists", { name });
    const row: OrganizationRow = { id: domain.newId(), name, limitBytes, usedBytes: 0, createdAt: domain.clock.now() };
    await stores.organizations.insert(row);
    const { email, name: adminName } = wanted.admin;
    const fields = { organization: row.id, role: "admin", email, name: adminName, password } as const;
    const admin = await addAccount(domain, stores, fields);
    await audit(domain, stores, { ...by, organization: row.id, action: "organizations/create", subject: name });
    return { organization: viewOrganization(row), admin };
  });
}

export async function listOrganizations(
  { records }: Domain,
  caller: ConsoleCaller,
  query: ListQuery,
): Promise<Page<OrganizationView>> {
  requireRole(caller, ["owner"], "see organizations");
  return await pageOf(query, (page) => records.organizations.list(page), viewOrganization);
}

export async function createUser(
  domain: Domain,
  organization: string,
  wanted: z.output<typeof userCreate>,
  by: Actor,
): Promise<AccountRow> {
  const password = await domain.passwords.hash(wanted.password);
  return await domain.records.transaction(async (stores) => {
    const above = await stores.organizations.find(organization);
    if (above === undefined) throw new HoldfastError("organization/missing");
    checkLimit(wanted.limitBytes, { minimum: 0, above: [above.limitBytes] });
    const user = await addAccount(domain, stores, { ...wanted, organization, role: "user", password });
    await audit(domain, stores, { ...by, organization, action: "users/create", subject: user.email });
    return user;
  });
}

export async function listUsers({ records }: Domain, caller: ConsoleCaller, query: ListQuery): Promise<Page<UserView>> {
  requireRole(caller, ["admin", "owner"], "see users");
  const { organization } = scopeOf(caller);
  return await pageOf(
    query,
    (page) => records.accounts.list(page, { organization, role: "user" }),
    (row) => viewUser(records, row),
  );
}

export async function changeUser(
  domain: Domain,
  caller: ConsoleCaller,
  change: z.output<typeof userChange> & { user: string },
  address: string,
): Promise<UserView> {
  requireRole(caller, ["admin", "owner"], "change users");
  await getUser(domain.records, caller, change.user);
  const hashed = change.password === undefined ? {} : { password: await domain.passwords.hash(change.password) };
  return await domain.records.transaction(async (stores) => {
    const user = await getUser(stores, caller, change.user);
    await checkUserChange(stores, user, change);
    const { name, state, limitBytes, desktopDevices, serverDevices } = change;
    const wanted = { name, state, limitBytes, desktopDevices, serverDevices };
    const columns = { ...definedOnly(wanted), ...hashed };
    if (Object.keys(columns).length > 0) await stores.accounts.change(user.id, columns);
    // A new password ends every log-in that was made with the old one.
    if (change.password !== undefined) await stores.tokens.removeOf({ account: user.id });
    const act = { organization: user.organization, actor: caller.account.email, address };
    const detail = JSON.stringify({ ...wanted, password: change.password === undefined ? undefined : "changed" });
    await audit(domain, stores, { ...act, action: "users/change", subject: user.email, detail });
    return await viewUser(stores, { ...user, ...columns });
  });
}

async function checkUserChange(
  stores: RecordStores,
  user: AccountRow,
  change: z.output<typeof userChange>,
): Promise<void> {
  if (change.limitBytes !== undefined) {
    const organization = user.organization === null ? undefined : await stores.organizations.find(user.organization);
    const minimum = Math.max(user.usedBytes, await stores.machines.largestLimit(user.id));
    checkLimit(change.limitBytes, { minimum, above: [organization?.limitBytes ?? null] });
  }
  const used = await stores.machines.countDevices(user.id);
  checkLimit(change.desktopDevices ?? null, { minimum: used.desktop, above: [] });
  checkLimit(change.serverDevices ?? null, { minimum: used.server, above: [] });
}

type NewAccount = Pick<AccountRow, "organization" | "role" | "email" | "name" | "password"> &
  Partial<Pick<AccountRow, "limitBytes" | "desktopDevices" | "serverDevices">>;

/** Throws `account/exists`: one e-mail address is one log-in, over all organizations and roles. */
export async function addAccount(domain: Domain, stores: RecordStores, wanted: NewAccount): Promise<AccountRow> {
  const email = normalEmail(wanted.email);
  if ((await stores.accounts.findByEmail(email)) !== undefined) throw new HoldfastError("account/exists", { email });
  const { organization, role, name, password } = wanted;
  const { limitBytes = null, desktopDevices = 0, serverDevices = 0 } = wanted;
  const limits = { limitBytes, usedBytes: 0, desktopDevices, serverDevices };
  const createdAt = domain.clock.now();
  const id = domain.newId();
  const row = { id, organization, role, email, name, password, state: "active", ...limits, createdAt } as const;
  await stores.accounts.insert(row);
  return row;
}

/** The members that were given. */
function definedOnly<Wanted extends object>(
  wanted: Wanted,
): { [Key in keyof Wanted]?: Exclude<Wanted[Key], undefined> } {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Key in keyof Wanted]?: Exclude<Wanted[Key], undefined> }; // Filtered above.
}
