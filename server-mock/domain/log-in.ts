/** Log-ins: e-mail and password against lockouts, and the console's tokens. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { LoginResponse } from "../../protocol/messages/accounts.ts";
import type { AccountRow } from "../records/rows.ts";
import { audit } from "./audit.ts";
import type { ConsoleCaller } from "./callers.ts";
import type { Domain } from "./domain.ts";
import { lockKeys } from "./lockouts.ts";
import { CONSOLE_MS, giveToken } from "./tokens.ts";
import { instant } from "./views.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export async function logIn(domain: Domain, credentials: Credentials, address: string): Promise<LoginResponse> {
  const account = await checkCredentials(domain, credentials, address);
  const expiresAt = domain.clock.now() + CONSOLE_MS;
  const token = await domain.records.transaction(async (stores) => {
    const { organization, email } = account;
    await audit(domain, stores, { organization, actor: email, action: "log-in", subject: email, address });
    return await giveToken(domain, stores, { audience: "console", account: account.id, expiresAt });
  });
  const { id, email, name, role, organization } = account;
  return { token, expiresAt: instant(expiresAt), account: { id, email, name, role, organization } };
}

export async function logOut({ records }: Domain, caller: ConsoleCaller): Promise<void> {
  await records.tokens.remove(caller.token);
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
  lockouts.check(...keys);
  const account = await records.accounts.findByEmail(normal);
  const isRight = await passwords.verify(password, account?.password);
  // Guesses that were checked at the same time may have locked it meanwhile.
  lockouts.check(...keys);
  if (account === undefined || !isRight) {
    lockouts.fail(...keys);
    throw new HoldfastError("login/wrong");
  }
  lockouts.forgive(lockKeys.account(normal));
  if (account.state === "suspended") throw new HoldfastError("account/suspended");
  await renewPassword(domain, account, password);
  return account;
}

/** Hashes cost what they should, from the next log-in on: only now is the password known. */
async function renewPassword({ records, passwords }: Domain, account: AccountRow, password: string): Promise<void> {
  const renewed = await passwords.renew(password, account.password);
  if (renewed === undefined) return;
  await records.transaction(async ({ accounts }) => {
    // It may have been changed meanwhile: then this one is no longer the password.
    const now = await accounts.find(account.id);
    if (now?.password === account.password) await accounts.change(account.id, { password: renewed });
  });
}

export const normalEmail = (email: string): string => email.trim().toLowerCase();
