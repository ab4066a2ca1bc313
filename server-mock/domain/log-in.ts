/** Log-ins: e-mail and password against lockouts, and the console's tokens. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { LoginResponse } from "../../protocol/messages/accounts.ts";
import type { AccountRow } from "../records/rows.ts";
import { capabilitiesOf } from "./access.ts";
import { audit } from "./audit.ts";
import type { ConsoleCaller } from "./callers.ts";
import type { Domain } from "./domain.ts";
import { lockKeys } from "./lockouts.ts";
import { CONSOLE_MS, checkActive, giveToken } from "./tokens.ts";
import { instant } from "./views.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export async function logIn(domain: Domain, credentials: Credentials, address: string): Promise<LoginResponse> {
  const account = await checkCredentials(domain, credentials, address);
  const expiresAt = domain.clock.now() + CONSOLE_MS;
  const token = await domain.records.transaction(async (stores) => {
    const { organization, login } = account;
    await audit(domain, stores, { organization, actor: login, action: "log-in", subject: login, address });
    const provenAt = domain.clock.now();
    return await giveToken(domain, stores, { audience: "console", account: account.id, expiresAt, address, provenAt });
  });
  const { id, login, name, role, organization, roleId } = account;
  const capabilities = [
    ...capabilitiesOf(account, roleId === null ? undefined : await domain.records.roles.find(roleId)),
  ];
  const shown = { id, email: login, name, role, organization, capabilities };
  return { token, expiresAt: instant(expiresAt), account: shown };
}

export async function logOut({ records }: Domain, caller: ConsoleCaller): Promise<void> {
  await records.tokens.remove(caller.token.digest);
}

/** Throws `login/wrong`, `login/locked`; only with the right password is it said that an account is suspended. */
export async function checkCredentials(
  domain: Domain,
  { email, password }: Credentials,
  address: string,
): Promise<AccountRow> {
  const { records, passwords, lockouts } = domain;
  const normal = normalEmail(email);
  const keys = [lockKeys.account(normal), lockKeys.address(address)];
  await lockouts.check(...keys);
  const account = await records.accounts.findByLogin(normal);
  const isRight = await passwords.verify(password, account?.password ?? undefined);
  // Guesses that were checked at the same time may have locked it meanwhile.
  await lockouts.check(...keys);
  if (account === undefined || !isRight) {
    await lockouts.fail(...keys);
    throw new HoldfastError("login/wrong");
  }
  await lockouts.forgive(lockKeys.account(normal));
  await checkActive(records, account);
  await renewPassword(domain, account, password);
  return account;
}

/** Hashes cost what they should, from the next log-in on: only now is the password known. */
async function renewPassword({ records, passwords }: Domain, account: AccountRow, password: string): Promise<void> {
  const renewed = account.password === null ? undefined : await passwords.renew(password, account.password);
  if (renewed === undefined) return;
  await records.transaction(async ({ accounts }) => {
    // It may have been changed meanwhile: then this one is no longer the password.
    const now = await accounts.find(account.id);
    if (now?.password === account.password) await accounts.change(account.id, { password: renewed });
  });
}

export const normalEmail = (email: string): string => email.trim().toLowerCase();
