/** The second step of a log-in: a code, against lockouts of its own, that a right password does not forgive. */
import { z } from "zod";
import { equalSecrets, sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { AccountRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { audit } from "../records/audit.ts";
import { lockKeys } from "./lockouts.ts";
import { activeFactor, hasSecondFactor, useCode, withUsed } from "./second-factor.ts";

const TICKET_MS = 5 * 60_000;

/** Throws `login/wrong-code`, `login/locked`, and `login/second-factor-needed` when an account that has one came without a code. */
export async function passSecondFactor(
  domain: Domain,
  account: AccountRow,
  { code, address, ticket }: { code: string | undefined; address: string; ticket?: () => string },
): Promise<void> {
  if (!hasSecondFactor(account)) return;
  if (code === undefined)
    throw new HoldfastError("login/second-factor-needed", ticket === undefined ? {} : { ticket: ticket() });
  const keys = [lockKeys.secondFactor(account.id), lockKeys.address(address)];
  await domain.lockouts.check(...keys);
  if (!(await takeCode(domain, account.id, { code, address }))) {
    await domain.lockouts.fail(...keys);
    throw new HoldfastError("login/wrong-code");
  }
  await domain.lockouts.forgive(lockKeys.secondFactor(account.id));
}

/** In one transaction: of two who bring the same code, one is refused. */
const takeCode = (domain: Domain, id: string, { code, address }: { code: string; address: string }): Promise<boolean> =>
  domain.records.transaction(async (stores) => {
    const account = await stores.accounts.find(id);
    const before = account === undefined ? undefined : activeFactor(domain, account);
    const after = before === undefined ? undefined : await useCode(before, code, domain.clock.now());
    if (account === undefined || before === undefined || after === undefined) return false;
    await stores.accounts.change(id, { totp: withUsed(domain, account, after) });
    if (after.recovery.length < before.recovery.length) {
      const { organization, login } = account;
      const detail = `${after.recovery.length} left`;
      const act = { organization, actor: login, action: "log-in/recovery-code", subject: login, account: id };
      await audit(domain, stores, { ...act, detail, address });
    }
    return true;
  });

/** Carried by whoever has given the password, until the code comes. */
const ticketSchema = z.object({
  account: z.string(),
  /** Of the password: a new one makes the ticket void. */
  password: z.string(),
  expiresAt: z.int(),
  /** What the log-in was asked for. */
  wish: z.string(),
});

const TICKET = "log-in-ticket";

export function makeTicket({ keys, clock }: Domain, account: AccountRow, wish: string): string {
  const expiresAt = clock.now() + TICKET_MS;
  const ticket = { account: account.id, password: passwordMark(account), expiresAt, wish };
  return keys.secrets.seal(Buffer.from(JSON.stringify(ticket)), TICKET).toString("base64url");
}

/** Throws `login/ticket-expired`. */
export async function openTicket(
  { keys, clock, records }: Domain,
  text: string,
): Promise<{ account: AccountRow; wish: string }> {
  const opened = keys.secrets.open(Buffer.from(text, "base64url"), TICKET);
  const ticket = opened === undefined ? undefined : ticketSchema.parse(JSON.parse(opened.toString()));
  const account = ticket === undefined ? undefined : await records.accounts.find(ticket.account);
  const isGood =
    ticket !== undefined &&
    account !== undefined &&
    ticket.expiresAt > clock.now() &&
    equalSecrets(Buffer.from(ticket.password), Buffer.from(passwordMark(account)));
  if (!isGood) throw new HoldfastError("login/ticket-expired");
  return { account, wish: ticket.wish };
}

const passwordMark = ({ password }: AccountRow): string => sha256(Buffer.from(password ?? "")).toString("base64url");
