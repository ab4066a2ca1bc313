/** Passwords that people choose themselves: with the link of an activation or reset mail, or at a log-in with the old one. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, LinkRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { mailSecurityNotice } from "../mail/security-mails.ts";
import { settingsOf } from "../people/settings.ts";
import { audit } from "../records/audit.ts";
import type { ConsoleCaller } from "./callers.ts";
import { findLink, logInPlace } from "./links.ts";
import { checkCredentials } from "./log-in.ts";
import { checkActive } from "./tokens.ts";

export interface Chosen {
  readonly login: string;
  /** Where this account logs in. */
  readonly logInUrl: string;
}

/** The link is used up, every other link and log-in ends; an inactive account becomes active. Throws `link/invalid`, `password/too-short`. */
export async function choosePassword(
  domain: Domain,
  order: { secret: string; password: string; purpose: LinkRow["purpose"] },
  address: string,
): Promise<Chosen> {
  // Looked at first, so that guesses don't cost a hash each.
  await findLink(domain, domain.records, order.secret, order.purpose);
  const password = await domain.passwords.hash(order.password);
  return await domain.records.transaction(async (stores) => {
    const { account } = await findLink(domain, stores, order.secret, order.purpose);
    const isFirst = account.state === "inactive";
    if (!isFirst) await checkActive(stores, account);
    const activated = isFirst ? ({ state: "active", stateAt: domain.clock.now() } as const) : {};
    await setPassword(stores, account, { password, ...activated });
    const action = order.purpose === "activate" ? "account/activate" : "account/reset-password";
    await auditOwn(domain, stores, { account, action, address });
    return { login: account.login, logInUrl: await logInPlace(domain, stores, account) };
  });
}

/**
 * Every other log-in ends; one with a temporary password, too. Throws `login/wrong`, `password/same`, `role/not-allowed` for a user that does not
 * log in here.
 */
export async function changeOwnPassword(
  domain: Domain,
  caller: ConsoleCaller,
  change: { password: string; newPassword: string },
  address: string,
): Promise<{ logInAgain: boolean }> {
  const { token } = caller;
  await checkMayChange(domain.records, caller);
  const account = await checkCredentials(domain, { email: caller.account.login, password: change.password }, address);
  if (change.newPassword === change.password) throw new HoldfastError("password/same");
  const password = await domain.passwords.hash(change.newPassword);
  const logInAgain = token.limitedTo !== null;
  await domain.records.transaction(async (stores) => {
    await setPassword(stores, account, { password });
    if (!logInAgain) await stores.tokens.insert(token);
    await auditOwn(domain, stores, { account, action: "account/change-password", address });
    await mailSecurityNotice(domain, stores, account, { kind: "password-changed" }, { actor: account.login, address });
  });
  return { logInAgain };
}

/** Of users whose organization doesn't let them log in the administrators set the passwords. A temporary one is there to be changed. */
async function checkMayChange(stores: RecordStores, { account, token }: ConsoleCaller): Promise<void> {
  if (account.role !== "user" || token.limitedTo === "password") return;
  const organization =
    account.organization === null ? undefined : await stores.organizations.find(account.organization);
  if (token.limitedTo === "restore" || organization === undefined || !settingsOf(organization).usersLogIn)
    throw new HoldfastError("role/not-allowed", { action: "change the password" });
}

async function setPassword(
  stores: RecordStores,
  account: AccountRow,
  columns: { password: string } & Partial<Pick<AccountRow, "state" | "stateAt">>,
): Promise<void> {
  await stores.accounts.change(account.id, { ...columns, isPasswordTemporary: 0, version: account.version + 1 });
  await stores.links.removeOf(account.id);
  await stores.tokens.removeOf({ account: account.id });
}

const auditOwn = (
  domain: Domain,
  stores: RecordStores,
  { account, action, address }: { account: AccountRow; action: string; address: string },
): Promise<void> => {
  const { id, organization, login } = account;
  return audit(domain, stores, { organization, actor: login, account: id, action, subject: login, address });
};
