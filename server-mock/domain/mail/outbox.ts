/** The outbox, as admins see it. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { MailView } from "../../../protocol/messages/mails.ts";
import type { MailRow } from "../../records/notice-rows.ts";
import { actorOf } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { closeAlert } from "../alerts/alerts.ts";
import { MAIL_HINT } from "../alerts/overview.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";

export interface Outbox extends Page<MailView> {
  readonly isConfigured: boolean;
  readonly hint: string | null;
}

export async function listMails(
  { records, outside }: Domain,
  caller: ConsoleCaller,
  { state, ...query }: ListQuery & { state?: MailRow["state"] | undefined },
): Promise<Outbox> {
  requireWhole(caller);
  const { organization } = caller.scope;
  const page = await pageOf(query, (page) => records.mails.list(page, { organization, state }), viewMail);
  const isConfigured = outside.post !== undefined;
  return { ...page, isConfigured, hint: isConfigured ? null : MAIL_HINT };
}

/** Throws `mail/missing`, `mail/not-waiting`. */
export async function retryMail(domain: Domain, caller: ConsoleCaller, id: string, address: string): Promise<MailView> {
  requireWhole(caller);
  return await domain.records.transaction(async (stores) => {
    const mail = await stores.mails.find(id);
    const { organization } = caller.scope;
    if (mail === undefined || (organization !== undefined && mail.organization !== organization))
      throw new HoldfastError("mail/missing");
    const isForgotten = mail.isSecret === 1 && mail.state !== "queued";
    if (mail.state === "sent" || mail.state === "expired" || isForgotten) throw new HoldfastError("mail/not-waiting");
    const again = { state: "queued", attempts: 0, nextAt: domain.clock.now() } as const;
    await stores.mails.change(id, again);
    await closeAlert(domain, stores, "mail.failed", mail.organization ?? "service");
    const act = { organization: mail.organization, action: "mails/retry", subject: mail.recipient };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, account: mail.account });
    return viewMail({ ...mail, ...again });
  });
}

/** Mails go to people of all groups. */
function requireWhole({ scope }: ConsoleCaller): void {
  if (scope.groups !== undefined || scope.account !== undefined)
    throw new HoldfastError("role/not-allowed", { action: "see the outbox: it has mails of all groups" });
}

const viewMail = (row: MailRow): MailView => ({
  id: row.id,
  recipient: row.recipient,
  letter: row.letter,
  subject: row.subject,
  text: row.isSecret === 1 ? "" : row.text,
  isSecret: row.isSecret === 1,
  state: row.state,
  attempts: row.attempts,
  problem: row.problem,
  createdAt: instant(row.createdAt),
  nextAt: row.state === "queued" ? instant(row.nextAt) : null,
  sentAt: row.sentAt === null ? null : instant(row.sentAt),
});
