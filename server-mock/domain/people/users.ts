/** Users: whose machines are backed up, within the limits of their group. */
import type { z } from "zod";
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { UserChange, UserDetails, userCreate } from "../../../protocol/messages/users.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, GroupRow, OrganizationRow } from "../../records/rows.ts";
import { actorOf, getGroup, getUser, requireProven } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { logInPlace } from "../access/links.ts";
import { normalEmail } from "../access/log-in.ts";
import { quotaTurn } from "../backup/quota.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { mailTemporaryPassword } from "../mail/account-mails.ts";
import { mailSecurityNotice } from "../mail/security-mails.ts";
import { type AuditActor, audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { checkDevices, checkLimit, userLimitAllowed } from "./limits.ts";
import { moveUser } from "./move-user.ts";
import { createUsers } from "./new-users.ts";
import { findOrganization } from "./organizations.ts";
import { checkRegion, checkSync, checkUserKind } from "./user-checks.ts";
import { viewUserDetails } from "./user-views.ts";

/** One user whose password is known. Throws whatever refuses it. */
export async function createUser(
  domain: Domain,
  organization: string,
  wanted: z.output<typeof userCreate>,
  by: AuditActor & { caller?: ConsoleCaller },
): Promise<AccountRow> {
  const { outcomes } = await createUsers(domain, { organization, users: [wanted] }, { caller: undefined, ...by });
  const [outcome] = outcomes;
  if (outcome === undefined) return bug("a user was neither made nor refused");
  if (outcome.kind === "refused") throw outcome.error;
  return outcome.user;
}

export async function changeUser(
  domain: Domain,
  caller: ConsoleCaller,
  change: UserChange & { user: string; ifMatch: number | undefined },
  address: string,
): Promise<UserDetails> {
  const found = await getUser(domain.records, caller, change.user);
  // Who has the password, or the mails, has the user's backups.
  if (change.password !== undefined || change.email !== undefined) requireProven(domain, caller);
  const password = change.password === undefined ? undefined : await domain.passwords.hash(change.password);
  return await domain.records.transaction(
    async (stores) => {
      const user = await getUser(stores, caller, change.user);
      checkVersion(user, change.ifMatch);
      if (user.state === "deleted") throw new HoldfastError("user/deleted", { login: user.login });
      const context = await contextOf(stores, caller, user, change.group);
      if (change.group !== undefined)
        await moveUser(stores, { user, to: context.group, organization: context.organization });
      const moved = { ...user, userGroup: context.group.id };
      await checkFields(stores, moved, change, context);
      const columns = {
        ...columnsOf(user, change),
        ...passwordColumns(user, change, password),
        version: user.version + 1,
      };
      const state = stateOf({ ...user, ...columns }, change.state);
      const stated = state === user.state ? {} : { state, stateAt: domain.clock.now() };
      await stores.accounts.change(user.id, { ...columns, ...stated });
      const changed: AccountRow = { ...moved, ...columns, ...stated };
      const by = actorOf(caller, address);
      if (password !== undefined)
        await endOldPassword(domain, stores, { user: changed, temporary: change.temporary, by });
      if (changed.login !== user.login) await stores.links.removeOf(user.id);
      const { user: _, ifMatch: __, password: ___, ...told } = change;
      const detail = JSON.stringify({ ...told, ...(password === undefined ? {} : { password: "changed" }) });
      const { organization } = user;
      await audit(domain, stores, {
        ...by,
        organization,
        account: user.id,
        action: "users/change",
        subject: user.login,
        detail,
      });
      const happened = { organization: context.organization.id, account: user.id, kind: "user.changed" } as const;
      await emit(domain, stores, { ...happened, detail: { email: changed.login, state: changed.state } });
      return await viewUserDetails(stores, changed);
    },
    quotaTurn({ organization: found.organization ?? "" }),
  );
}

interface Context {
  readonly organization: OrganizationRow;
  /** Where the user is, or is to go. */
  readonly group: GroupRow;
}

async function contextOf(
  stores: RecordStores,
  caller: ConsoleCaller,
  user: AccountRow,
  wanted: string | undefined,
): Promise<Context> {
  const { organization, userGroup } = user;
  if (organization === null || userGroup === null) return bug("a user without organization or group");
  const group = await getGroup(stores, caller, wanted ?? userGroup);
  if (group.organization !== organization) throw new HoldfastError("group/missing");
  return { organization: await findOrganization(stores, organization), group };
}

async function checkFields(
  stores: RecordStores,
  user: AccountRow,
  change: UserChange,
  { organization, group }: Context,
): Promise<void> {
  const { limitBytes, installRegion, email, sync, temporary } = change;
  if (limitBytes !== undefined) checkLimit(limitBytes, await userLimitAllowed(stores, user), `group ${group.name}`);
  const { desktopDevices = user.desktopDevices, serverDevices = user.serverDevices } = change;
  if (desktopDevices !== user.desktopDevices || serverDevices !== user.serverDevices) {
    checkUserKind(user.kind, { desktopDevices, serverDevices });
    await checkDevices(stores, group, { desktop: desktopDevices, server: serverDevices }, user);
  }
  if (installRegion !== undefined) checkRegion(organization, installRegion);
  if (sync) checkSync(organization, group, { kind: user.kind, sync });
  if (email !== undefined) await checkEmail(stores, user, email);
  if (temporary && change.password !== undefined && organization.subdomain === null)
    throw new HoldfastError("subdomain/needed", {
      reason: "temporary passwords are changed at the first log-in there",
    });
}

async function checkEmail(stores: RecordStores, user: AccountRow, email: string): Promise<void> {
  const login = normalEmail(email);
  if (login === user.login) throw new HoldfastError("email/same", { email: login });
  if ((await stores.accounts.findByLogin(login)) !== undefined)
    throw new HoldfastError("account/exists", { email: login });
}

function columnsOf(user: AccountRow, change: UserChange) {
  const { externalId, name, installRegion, limitBytes, overageBytes, desktopDevices, serverDevices } = change;
  const { notifications, locations } = change;
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : value ? (1 as const) : (0 as const));
  const login = change.email === undefined ? undefined : normalEmail(change.email);
  return definedOnly({
    ...{ externalId, name, installRegion, limitBytes, overageBytes, desktopDevices, serverDevices },
    ...{ notifications, locations, login, email: login },
    sync: flag(change.sync),
    businessNotifications: flag(change.businessNotifications),
    agentAutoUpdate: flag(change.agentAutoUpdate),
  }) satisfies Partial<AccountRow> & { version?: typeof user.version };
}

const passwordColumns = (user: AccountRow, { temporary = false }: UserChange, password: string | undefined) =>
  password === undefined
    ? { password: user.password, isPasswordTemporary: user.isPasswordTemporary }
    : { password, isPasswordTemporary: temporary ? (1 as const) : (0 as const) };

/** Who has a password is active, unless somebody said otherwise. */
function stateOf({ password, state }: AccountRow, wanted: UserChange["state"]): AccountRow["state"] {
  const next = wanted ?? (state === "inactive" ? "active" : state);
  return next === "active" && password === null ? "inactive" : next;
}

/** A new password ends every log-in and link that was made with the old one. */
async function endOldPassword(
  domain: Domain,
  stores: RecordStores,
  { user, temporary = false, by }: { user: AccountRow; temporary: boolean | undefined; by: AuditActor },
): Promise<void> {
  await stores.tokens.removeOf({ account: user.id });
  await stores.links.removeOf(user.id);
  if (temporary) await mailTemporaryPassword(domain, stores, user, await logInPlace(domain, stores, user));
  else await mailSecurityNotice(domain, stores, user, { kind: "password-changed" }, by);
}

/** The members that were given. */
export function definedOnly<Wanted extends object>(
  wanted: Wanted,
): { [Key in keyof Wanted]?: Exclude<Wanted[Key], undefined> } {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Key in keyof Wanted]?: Exclude<Wanted[Key], undefined> }; // Filtered above.
}
