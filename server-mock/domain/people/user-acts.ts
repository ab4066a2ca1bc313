/** Acts on a user: delete with its machines, undelete, purge, Allow Re-Activation, Expire Mobile Access, Send activation email again. */
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { UserDetails } from "../../../protocol/messages/users.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import { actorOf, getUser } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { makeLink } from "../access/links.ts";
import { quotaTurn } from "../backup/quota.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { purge as purgeMachine, softDelete, undelete as undeleteMachine } from "../machines/delete-machines.ts";
import { mailActivation } from "../mail/account-mails.ts";
import { type AuditActor, audit } from "../records/audit.ts";
import { checkDevices, roomAbove } from "./limits.ts";
import { undeletableUntil, viewUserDetails } from "./user-views.ts";

/** In a transaction, under the organization's quota turn. */
type Act = (stores: RecordStores, user: AccountRow) => Promise<void>;

async function act(
  domain: Domain,
  { caller, user: id, address, action }: { caller: ConsoleCaller; user: string; address: string; action: string },
  work: Act,
): Promise<UserDetails> {
  const found = await getUser(domain.records, caller, id);
  return await domain.records.transaction(
    async (stores) => {
      const user = await getUser(stores, caller, id);
      const by = actorOf(caller, address);
      await work(stores, user);
      const { organization, login: subject } = user;
      await audit(domain, stores, { ...by, organization, account: id, action, subject });
      return await viewUserDetails(stores, (await stores.accounts.find(id)) ?? user);
    },
    quotaTurn({ organization: found.organization ?? "" }),
  );
}

export interface UserAct {
  readonly caller: ConsoleCaller;
  readonly user: string;
  readonly address: string;
}

/** With all its machines. Storage and licences are free at once. Throws `user/deleted`. */
export const deleteUser = (domain: Domain, order: UserAct): Promise<UserDetails> =>
  act(domain, { ...order, action: "users/delete" }, async (stores, user) => {
    if (user.state === "deleted") throw new HoldfastError("user/deleted", { login: user.login });
    for (const machine of await stores.machines.listOf(user.id)) await softDelete(domain, stores, machine);
    await stores.tokens.removeOf({ account: user.id });
    await stores.links.removeOf(user.id);
    await tell(domain, stores, user, "user.deleted");
    await change(stores, user, { state: "deleted", stateAt: domain.clock.now() });
  });

/** With the machines that were deleted with it. Throws `user/not-deleted`, `user/undelete-over`, and what its group has no room for any more. */
export const undeleteUser = (domain: Domain, order: UserAct): Promise<UserDetails> =>
  act(domain, { ...order, action: "users/undelete" }, async (stores, user) => {
    if (user.state !== "deleted") throw new HoldfastError("user/not-deleted", { login: user.login });
    const until = await undeletableUntil(stores, user);
    const deletedAt = user.stateAt ?? 0;
    if (until <= domain.clock.now()) {
      const days = Math.round((until - deletedAt) / (24 * 3_600_000));
      throw new HoldfastError("user/undelete-over", { login: user.login, days });
    }
    const group = user.userGroup === null ? undefined : await stores.groups.find(user.userGroup);
    if (group === undefined) return bug("a user without a group");
    const { desktopDevices: desktop, serverDevices: server } = user;
    await checkDevices(stores, group, { desktop, server }, user);
    // What was granted meanwhile may leave less: then the user shares what its group has.
    const most = await roomAbove(stores, group.organization, group.id, user.kind);
    await change(stores, user, {
      state: user.password === null ? "inactive" : "active",
      stateAt: domain.clock.now(),
      limitBytes: most !== null && (user.limitBytes ?? 0) > most ? null : user.limitBytes,
    });
    for (const machine of await stores.machines.listOf(user.id))
      if (machine.deletedAt !== null && machine.deletedAt >= deletedAt)
        await undeleteMachine(domain, stores, machine, { isWithUser: true });
    await tell(domain, stores, user, "user.changed");
  });

/** `confirm`: the user's e-mail address, as the person typed it. Of a purged user only the records of its machines stay. */
export async function purgeUser(domain: Domain, order: UserAct & { confirm: string }): Promise<void> {
  const { caller, address, confirm } = order;
  await domain.records.transaction(async (stores) => {
    const user = await getUser(stores, caller, order.user);
    if (user.state !== "deleted") throw new HoldfastError("user/not-deleted", { login: user.login });
    if (confirm.trim().toLowerCase() !== user.login)
      throw new HoldfastError("confirmation/wrong", { name: user.login });
    await purge(domain, stores, user, actorOf(caller, address));
  });
}

/** The job: those whose time to come back is over. Harmless twice and when it is cut; those on legal hold wait. */
export async function purgeUsers(domain: Domain): Promise<void> {
  const { records, clock } = domain;
  const before = clock.now();
  for (let after: string | undefined; ; ) {
    const page = await records.tree.listDeletedUsers({ limit: 100, after });
    for (const { id } of page)
      await records.transaction(async (stores) => {
        const user = await stores.accounts.find(id);
        if (user?.state !== "deleted" || (await undeletableUntil(stores, user)) > before) return;
        if (!(await isHeld(stores, user))) await purge(domain, stores, user, { actor: "service" });
      });
    after = page.at(-1)?.id;
    if (page.length < 100) return;
  }
}

async function isHeld(stores: RecordStores, user: AccountRow): Promise<boolean> {
  for (const { id } of await stores.machines.listOf(user.id))
    if (await stores.holds.isHeld([user.organization ?? "", user.id, id])) return true;
  return await stores.holds.isHeld([user.organization ?? "", user.id]);
}

async function purge(domain: Domain, stores: RecordStores, user: AccountRow, by: AuditActor): Promise<void> {
  for (const machine of await stores.machines.listOf(user.id)) {
    const vault = await stores.vaults.findByMachine(machine.id);
    if (vault !== undefined) await purgeMachine(domain, stores, machine, vault);
  }
  await stores.tree.purgeAccount(user.id, domain.clock.now());
  await stores.usage.removeOf(user.id);
  const { organization, login: subject } = user;
  await audit(domain, stores, { ...by, organization, account: user.id, action: "users/purge", subject });
}

/** The password is gone: the old one fails as a wrong one, log-ins end, machines go on. The next one is chosen by mail. */
export const allowReactivation = (domain: Domain, order: UserAct & { sendMail: boolean }): Promise<UserDetails> =>
  act(domain, { ...order, action: "users/allow-reactivation" }, async (stores, user) => {
    checkNotDeleted(user);
    await stores.tokens.removeOf({ account: user.id });
    await stores.links.removeOf(user.id);
    const state = user.state === "active" ? ({ state: "inactive", stateAt: domain.clock.now() } as const) : {};
    await change(stores, user, { password: null, isPasswordTemporary: 0, ...state });
    if (order.sendMail) await mailActivation(domain, stores, user, await makeLink(domain, stores, user, "activate"));
  });

/** Ends all log-ins of the user; its machines have tokens of their own. */
export const expireAccess = (domain: Domain, order: UserAct): Promise<UserDetails> =>
  act(domain, { ...order, action: "users/expire-access" }, async (stores, user) => {
    await stores.tokens.removeOf({ account: user.id });
  });

/** Links of earlier mails end. Throws `user/activated`. */
export const sendActivation = (domain: Domain, order: UserAct): Promise<UserDetails> =>
  act(domain, { ...order, action: "users/send-activation" }, async (stores, user) => {
    checkNotDeleted(user);
    if (user.password !== null) throw new HoldfastError("user/activated", { login: user.login });
    await mailActivation(domain, stores, user, await makeLink(domain, stores, user, "activate"));
  });

function checkNotDeleted({ state, login }: AccountRow): void {
  if (state === "deleted") throw new HoldfastError("user/deleted", { login });
}

const change = (stores: RecordStores, user: AccountRow, columns: Partial<Omit<AccountRow, "id" | "usedBytes">>) =>
  stores.accounts.change(user.id, { ...columns, version: user.version + 1 });

async function tell(
  domain: Domain,
  stores: RecordStores,
  { id: account, organization, login: email }: AccountRow,
  kind: "user.deleted" | "user.changed",
): Promise<void> {
  if (organization !== null) await emit(domain, stores, { organization, account, kind, detail: { email } });
}
