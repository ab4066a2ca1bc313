/**
 * "I forgot my password": a wish is a row, whoever it is for, and a job looks later whether there is such an account. So the answer and the time it
 * takes say nothing about who has one.
 */
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import type { ResetRequestRow } from "../../records/tree.ts";
import type { Domain } from "../domain.ts";
import { mailActivation, mailPasswordReset } from "../mail/account-mails.ts";
import { makeLink } from "./links.ts";
import { normalEmail } from "./log-in.ts";
import { isLetIn } from "./log-in-doors.ts";

/** More than these wait for the job only when somebody floods it. */
const WAITING_MAX = 10_000;
/** Of those who share an address, and of mails to one account. */
const SHARING_MAX = 10;
const ONCE_MS = 2 * 60_000;
const BATCH = 100;

export async function wishReset(
  { records, newId, clock }: Domain,
  wish: { login: string; organization: string | undefined },
  address: string,
): Promise<void> {
  if ((await records.resetRequests.count()) >= WAITING_MAX) return;
  const login = normalEmail(wish.login);
  await records.resetRequests.insert({
    id: newId(),
    login,
    subdomain: wish.organization ?? null,
    address,
    at: clock.now(),
  });
}

/** One turn of the job. A wish is taken and answered in one transaction. */
export async function answerResets(domain: Domain): Promise<void> {
  for (;;) {
    const waiting = await domain.records.resetRequests.list(BATCH);
    for (const wish of waiting)
      await domain.records.transaction(async (stores) => {
        if (await stores.resetRequests.take(wish.id)) await answer(domain, stores, wish);
      });
    if (waiting.length < BATCH) return;
  }
}

async function answer(domain: Domain, stores: RecordStores, { login, subdomain }: ResetRequestRow): Promise<void> {
  const named = await stores.accounts.findByLogin(login);
  const accounts = named === undefined ? (await stores.accounts.listByEmail(login)).slice(0, SHARING_MAX) : [named];
  const door = { for: "console", organization: subdomain ?? undefined } as const;
  for (const account of accounts) if (await isLetIn(stores, account, door)) await mailLink(domain, stores, account);
}

/** Nobody's mailbox is flooded: a link that was just sent is good enough. */
async function mailLink(domain: Domain, stores: RecordStores, account: AccountRow): Promise<void> {
  if (account.state !== "active" && account.state !== "inactive") return;
  const purpose = account.state === "inactive" ? "activate" : "reset";
  const before = await stores.links.findNewest(account.id, purpose);
  if (before !== undefined && before.createdAt + ONCE_MS > domain.clock.now()) return;
  const link = await makeLink(domain, stores, account, purpose);
  await (purpose === "reset" ? mailPasswordReset : mailActivation)(domain, stores, account, link);
}
