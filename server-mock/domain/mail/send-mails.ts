/**
 * The outbox's way out. A mail is claimed before it is sent, so that no other process sends it, too; one that a crash left claimed is tried again
 * when its claim has run out, under the same Message-ID: SMTP itself can promise no more.
 */
import type { Outcome, OutgoingMail, Post } from "../../mail/post.ts";
import type { MailRow } from "../../records/notice-rows.ts";
import { openAlert } from "../alerts/alerts.ts";
import type { Domain } from "../domain.ts";

const MINUTE_MS = 60_000;
/** Longer than a mail can take: connecting, log-in, and an attachment to a slow server. */
const CLAIM_MS = 15 * MINUTE_MS;
/** Waits between attempts: about a day together. */
const RETRY_MS = [1, 5, 15, 60, 120, 240, 480, 720].map((minutes) => minutes * MINUTE_MS);
const BATCH = 60;
const AT_ONCE = 3;

/** Opens what a mail carries, made as it is read. */
export type OpenAttachment = (domain: Domain, mail: MailRow) => Promise<OutgoingMail["attachment"]>;

/** One turn of the job: everything that is due, until the mail server does not answer any more. */
export async function sendMails(domain: Domain, openAttachment: OpenAttachment, signal?: AbortSignal): Promise<void> {
  const { records, clock, outside } = domain;
  try {
    for (;;) {
      const due = await records.mails.listDue(clock.now(), BATCH);
      const wanted: MailRow[] = [];
      for (const mail of due)
        if (isUseless(mail, clock.now())) await expire(domain, mail);
        else wanted.push(mail);
      if (outside.post === undefined || wanted.length === 0) return;
      for (let at = 0; at < wanted.length; at += AT_ONCE) {
        if (signal?.aborted) return;
        const sent = wanted.slice(at, at + AT_ONCE).map((mail) => sendOne(domain, mail, openAttachment, outside.post));
        // What fails now would fail for all others as well: the rest comes in a later turn.
        if ((await Promise.all(sent)).every((outcome) => outcome === "failed")) return;
      }
      if (due.length < BATCH) return;
    }
  } finally {
    outside.post?.rest();
  }
}

async function sendOne(
  domain: Domain,
  mail: MailRow,
  openAttachment: OpenAttachment,
  post: Post | undefined,
): Promise<Outcome["kind"] | "taken"> {
  const { records, clock } = domain;
  const claim = { id: mail.id, attempts: mail.attempts, until: clock.now() + CLAIM_MS };
  if (post === undefined || !(await records.mails.claim(claim))) return "taken";
  const outcome = await attempt(async () =>
    post.send({ ...messageOf(domain, mail), attachment: await openAttachment(domain, mail) }),
  );
  await note(domain, mail, outcome);
  return outcome.kind;
}

/** A row as it goes out, without what is attached. */
export const messageOf = ({ outside }: Pick<Domain, "outside">, mail: MailRow): OutgoingMail => ({
  id: mail.id,
  from: { name: mail.sender, address: outside.mailFrom },
  to: mail.recipient,
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  unsubscribeUrl: mail.unsubscribeUrl ?? undefined,
});

/** What could not be attached is no reason to lose the others. */
async function attempt(send: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await send();
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

async function note(domain: Domain, mail: MailRow, outcome: Outcome): Promise<void> {
  const { records, clock } = domain;
  const now = clock.now();
  if (outcome.kind === "sent") {
    await records.mails.change(mail.id, { ...forgotten(mail), state: "sent", sentAt: now, problem: null });
    return;
  }
  const { reason } = outcome;
  const waitMs = RETRY_MS[mail.attempts];
  if (outcome.kind === "failed" && waitMs !== undefined) {
    await records.mails.change(mail.id, { nextAt: now + waitMs, problem: reason });
    return;
  }
  await records.transaction(async (stores) => {
    await stores.mails.change(mail.id, { ...forgotten(mail), state: "failed", problem: reason });
    await openAlert(domain, stores, {
      organization: mail.organization,
      kind: "mail.failed",
      id: mail.organization ?? "service",
      subject: mail.recipient,
      cause: outcome.kind,
      message: `A mail to ${mail.recipient} could not be sent: ${reason}`,
    });
  });
}

const isUseless = (mail: MailRow, now: number): boolean => mail.uselessAt !== null && mail.uselessAt <= now;

async function expire({ records }: Domain, mail: MailRow): Promise<void> {
  await records.mails.change(mail.id, { ...forgotten(mail), state: "expired" });
}

/** A link or a key does not stay where nobody needs it any more. */
const forgotten = (mail: MailRow) => (mail.isSecret === 1 ? { text: "", html: "" } : {});
