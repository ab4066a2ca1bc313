/** Users: whose machines are backed up, within the limits of their group. */
import type { z } from "zod";
import { bug, HoldfastError } from "../../protocol/errors.ts";
import type { UserView, userChange, userCreate } from "../../protocol/messages/users.ts";
import type { RecordStores } from "../records/records.ts";
import type { AccountRow, GroupRow } from "../records/rows.ts";
import { actorOf, getUser } from "./access.ts";
import { type AuditActor, audit } from "./audit.ts";
import type { ConsoleCaller } from "./callers.ts";
import type { Domain } from "./domain.ts";
import { checkDevices, checkUserLimit } from "./limits.ts";
import { addAccount } from "./new-account.ts";
import { type ListQuery, type Page, pageOf } from "./pages.ts";
import { checkVersion } from "./versions.ts";
import { viewUser } from "./views.ts";

export async function createUser(
  domain: Domain,
  organization: string,
  wanted: z.output<typeof userCreate>,
  by: AuditActor,
): Promise<AccountRow> {
  const password = await domain.passwords.hash(wanted.password);
  return await domain.records.transaction(async (stores) => {
    const group = await groupFor(stores, organization, wanted.group);
    const { limitBytes, desktopDevices, serverDevices } = wanted;
    await checkUserLimit(stores, group, { limitBytes, minimum: 0, kind: wanted.kind });
    await checkDevices(stores, group, { desktop: desktopDevices, server: serverDevices });
    const { group: _, ...columns } = wanted;
    const createdFrom = by.address ?? null;
    const fields = { ...columns, organization, role: "user", password, userGroup: group.id, createdFrom } as const;
    const user = await addAccount(domain, stores, fields);
    await audit(domain, stores, { ...by, organization, action: "users/create", subject: user.login, account: user.id });
    return user;
  });
}

/** Without an id the default one. Throws `group/missing`. */
async function groupFor(stores: RecordStores, organization: string, id: string | undefined): Promise<GroupRow> {
  const group = await (id === undefined ? stores.groups.findDefault(organization) : stores.groups.find(id));
  if (group === undefined || group.organization !== organization) throw new HoldfastError("group/missing");
  return group;
}

export const listUsers = ({ records }: Domain, caller: ConsoleCaller, query: ListQuery): Promise<Page<UserView>> =>
  pageOf(
    query,
    (page) => records.accounts.list(page, { ...caller.scope, role: "user" }),
    (row) => viewUser(records, row),
  );

export async function changeUser(
  domain: Domain,
  caller: ConsoleCaller,
  change: z.output<typeof userChange> & { user: string; ifMatch: number | undefined },
  address: string,
): Promise<UserView> {
  await getUser(domain.records, caller, change.user);
  const hashed = change.password === undefined ? {} : { password: await domain.passwords.hash(change.password) };
  return await domain.records.transaction(async (stores) => {
    const user = await getUser(stores, caller, change.user);
    checkVersion(user, change.ifMatch);
    await checkUserChange(stores, user, change);
    const { name, state, limitBytes, desktopDevices, serverDevices } = change;
    const wanted = { name, state, limitBytes, desktopDevices, serverDevices };
    const columns = { ...definedOnly(wanted), ...hashed, version: user.version + 1 };
    await stores.accounts.change(user.id, columns);
    // A new password ends every log-in that was made with the old one.
    if (change.password !== undefined) await stores.tokens.removeOf({ account: user.id });
    const detail = JSON.stringify({ ...wanted, password: change.password === undefined ? undefined : "changed" });
    const act = { organization: user.organization, action: "users/change", subject: user.login, account: user.id };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, detail });
    return await viewUser(stores, { ...user, ...columns });
  });
}

async function checkUserChange(
  stores: RecordStores,
  user: AccountRow,
  change: z.output<typeof userChange>,
): Promise<void> {
  const group = user.userGroup === null ? undefined : await stores.groups.find(user.userGroup);
  if (group === undefined) return bug("a user without a group");
  if (change.limitBytes !== undefined) {
    const minimum = Math.max(user.usedBytes, await stores.machines.largestLimit(user.id));
    await checkUserLimit(stores, group, { limitBytes: change.limitBytes, minimum, kind: user.kind });
  }
  const { desktopDevices: desktop = user.desktopDevices, serverDevices: server = user.serverDevices } = change;
  if (desktop !== user.desktopDevices || server !== user.serverDevices)
    await checkDevices(stores, group, { desktop, server }, user);
}

/** The members that were given. */
export function definedOnly<Wanted extends object>(
  wanted: Wanted,
): { [Key in keyof Wanted]?: Exclude<Wanted[Key], undefined> } {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Key in keyof Wanted]?: Exclude<Wanted[Key], undefined> }; // Filtered above.
}
