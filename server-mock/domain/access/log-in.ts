/** Log-ins: e-mail and password against lockouts, and the console's tokens. */
import { z } from "zod";
import type { Capability } from "../../../protocol/capabilities.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { LoginResponse, loginRequest } from "../../../protocol/messages/accounts.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, LimitedTo } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { settingsOf } from "../people/settings.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";
import { PROVEN_MS } from "./access.ts";
import type { ConsoleCaller } from "./callers.ts";
import { lockKeys } from "./lockouts.ts";
import { isLetIn, type LogInDoor, RESTORE_DOOR } from "./log-in-doors.ts";
import { reachOf } from "./reach.ts";
import { hasSecondFactor } from "./second-factor.ts";
import { makeTicket, openTicket, passSecondFactor } from "./second-steps.ts";
import { CONSOLE_MS, checkActive, giveToken } from "./tokens.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Where a log-in comes from. */
export interface LogInPlace {
  readonly address: string;
  readonly userAgent: string | null;
}

export type LogInOrder = z.output<typeof loginRequest>;

/** What a log-in was asked for besides; it waits in the ticket while the second factor is fetched. */
const wishSchema = z.object({ cookie: z.boolean(), for: z.enum(["console", "restore"]) });
type Wish = z.infer<typeof wishSchema>;

/** Throws `login/wrong`, `login/not-here`, `login/locked`, `login/second-factor-needed` with a ticket for the second step, `login/wrong-code`. */
export async function logIn(domain: Domain, order: LogInOrder, place: LogInPlace): Promise<LoginResponse> {
  const door = { for: order.for, organization: order.organization };
  const account = await checkCredentials(domain, order, place.address, door);
  const wish = { cookie: order.cookie, for: order.for };
  const ticket = () => makeTicket(domain, account, JSON.stringify(wish));
  await passSecondFactor(domain, account, { code: order.code, address: place.address, ticket });
  return await openLogIn(domain, account, wish, place);
}

/** Also answers whether the token belongs into a cookie; `checkBrowser` throws when it must not come from there. */
export async function logInSecondStep(
  domain: Domain,
  order: { ticket: string; code: string },
  place: LogInPlace,
  checkBrowser: () => void,
): Promise<{ response: LoginResponse; isCookie: boolean }> {
  const { account, wish: text } = await openTicket(domain, order.ticket);
  const wish = wishSchema.parse(JSON.parse(text));
  if (wish.cookie) checkBrowser();
  await passSecondFactor(domain, account, { code: order.code, address: place.address });
  await checkActive(domain.records, account);
  return { response: await openLogIn(domain, account, wish, place), isCookie: wish.cookie };
}

async function openLogIn(domain: Domain, account: AccountRow, wish: Wish, place: LogInPlace): Promise<LoginResponse> {
  const now = domain.clock.now();
  const expiresAt = now + CONSOLE_MS;
  const limitedTo = await limitOf(domain, account, wish);
  const token = await domain.records.transaction(async (stores) => {
    const { organization, login } = account;
    await audit(domain, stores, {
      organization,
      actor: login,
      action: "log-in",
      subject: login,
      address: place.address,
    });
    const isCookie = wish.cookie ? 1 : 0;
    const given = {
      account: account.id,
      expiresAt,
      provenAt: now,
      lastUsedAt: now,
      isCookie,
      limitedTo,
      ...place,
    } as const;
    return await giveToken(domain, stores, { audience: "console", ...given });
  });
  const { capabilities } = await reachOf(domain.records, account);
  return { token, expiresAt: instant(expiresAt), limitedTo, account: viewAccount(account, capabilities) };
}

export const viewAccount = (
  { id, login, name, role, organization }: AccountRow,
  capabilities: Iterable<Capability>,
): LoginResponse["account"] => ({ id, email: login, name, role, organization, capabilities: [...capabilities] });

/** What must be done first. */
async function limitOf({ records }: Domain, account: AccountRow, wish: Wish): Promise<LimitedTo | null> {
  if (account.isPasswordTemporary === 1) return "password";
  if ((await mustHaveSecondFactor(records, account)) && !hasSecondFactor(account)) return "second-factor";
  return wish.for === "restore" && account.role === "user" ? "restore" : null;
}

/** The organization's settings say who. */
export async function mustHaveSecondFactor(stores: RecordStores, account: AccountRow): Promise<boolean> {
  const above = account.organization === null ? undefined : await stores.organizations.find(account.organization);
  switch (above === undefined ? "optional" : settingsOf(above).secondFactor) {
    case "optional":
      return false;
    case "admins":
      return account.role !== "user";
    case "everyone":
      return true;
  }
}

/** The password again, and the code where there is a second factor: for a while, dangerous things may be done. */
export async function prove(
  domain: Domain,
  caller: ConsoleCaller,
  given: { password: string; code?: string | undefined },
  address: string,
): Promise<{ provenUntil: string }> {
  const { account, token } = caller;
  await checkCredentials(domain, { email: account.login, password: given.password }, address);
  await passSecondFactor(domain, account, { code: given.code, address });
  const provenAt = domain.clock.now();
  await domain.records.tokens.change(token.digest, { provenAt });
  return { provenUntil: instant(provenAt + PROVEN_MS) };
}

export async function logOut({ records }: Domain, caller: ConsoleCaller): Promise<void> {
  await records.tokens.remove(caller.token.digest);
}

/**
 * Throws `login/wrong`, or at the console's doors `login/not-here`, which doesn't say whether it was the password or the place; `login/locked`. Only
 * with the right password is it said that an account is suspended.
 */
export async function checkCredentials(
  domain: Domain,
  { email, password }: Credentials,
  address: string,
  door: LogInDoor = RESTORE_DOOR,
): Promise<AccountRow> {
  const { records, passwords, lockouts } = domain;
  const normal = normalEmail(email);
  const keys = [lockKeys.account(normal), lockKeys.address(address)];
  await lockouts.check(...keys);
  const account = await records.accounts.findByLogin(normal);
  const isRight = await passwords.verify(password, account?.password ?? undefined);
  // Guesses that were checked at the same time may have locked it meanwhile.
  await lockouts.check(...keys);
  if (account === undefined || !isRight || !(await isLetIn(records, account, door))) {
    await lockouts.fail(...keys);
    throw new HoldfastError(door.for === "console" ? "login/not-here" : "login/wrong");
  }
  await lockouts.forgive(lockKeys.account(normal));
  await checkActive(records, account);
  return await renewPassword(domain, account, password);
}

/** Hashes cost what they should, from the next log-in on: only now is the password known. */
async function renewPassword(
  { records, passwords }: Domain,
  account: AccountRow,
  password: string,
): Promise<AccountRow> {
  const renewed = account.password === null ? undefined : await passwords.renew(password, account.password);
  if (renewed === undefined) return account;
  return await records.transaction(async ({ accounts }) => {
    // It may have been changed meanwhile: then this one is no longer the password.
    const now = await accounts.find(account.id);
    if (now?.password !== account.password) return account;
    await accounts.change(account.id, { password: renewed });
    return { ...account, password: renewed };
  });
}

export const normalEmail = (email: string): string => email.trim().toLowerCase().normalize("NFC");
