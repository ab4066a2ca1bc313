/** `holdfast-server mails`: the outbox, for the operator: what waits, what a mail says, whether mails leave at all. */
import { Command, Option } from "commander";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Domain } from "../domain/domain.ts";
import { makeMail } from "../domain/mail/queue-mail.ts";
import { messageOf } from "../domain/mail/send-mails.ts";
import { audit } from "../domain/records/audit.ts";
import type { MailRow } from "../records/notice-rows.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, OPERATOR, print, withDomain } from "./with-domain.ts";

const SHOWN_MAX = 500;
const STATES = ["queued", "sent", "failed", "expired"] as const;

interface ListOptions extends DataOption {
  readonly state?: MailRow["state"];
  readonly json?: boolean;
}

export function mailsCommand(): Command {
  const mails = new Command("mails").description("the outbox: what waits, what a mail says, whether mails leave");
  mails
    .command("list")
    .description(`the newest ${SHOWN_MAX} mails`)
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .addOption(new Option("--state <state>", "only these").choices([...STATES]))
    .option("--json", "for programs")
    .action(({ state, json = false, ...data }: ListOptions) =>
      withDomain(data, async ({ records }) =>
        print((await records.mails.list({ limit: SHOWN_MAX }, { state })).map(columns), json),
      ),
    );
  mails
    .command("show <id>")
    .description("what a mail says, with its link or key: to hand it over where no mail server is; audited")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .action((id: string, data: DataOption) => withDomain(data, (domain) => show(domain, id)));
  mails
    .command("test")
    .description("send a mail by the settings now, and say what the mail server said")
    .requiredOption("--to <address>", "whom to")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .action(({ to, ...data }: DataOption & { to: string }) => withDomain(data, (domain) => tryOut(domain, to)));
  return mails;
}

const columns = ({ id, recipient, subject, state, attempts, createdAt, problem }: MailRow) => ({
  id,
  recipient,
  subject,
  state,
  attempts,
  created: new Date(createdAt).toISOString(),
  problem: problem ?? "",
});

async function show(domain: Domain, id: string): Promise<void> {
  const mail = await domain.records.mails.find(id);
  if (mail === undefined) throw new HoldfastError("mail/missing");
  const { organization, account, recipient, subject, text } = mail;
  await domain.records.transaction((stores) =>
    audit(domain, stores, {
      ...OPERATOR,
      organization,
      account,
      action: "mails/show",
      subject: recipient,
      detail: subject,
    }),
  );
  console.log(`To: ${recipient}\nSubject: ${subject}\n\n${text === "" ? "(forgotten, because it was sent)" : text}`);
}

/** Throws `mail/not-sent`. */
async function tryOut(domain: Domain, to: string): Promise<void> {
  const { post, mailFrom } = domain.outside;
  if (post === undefined)
    throw new HoldfastError("mail/not-sent", { reason: "no mail server is named: set HOLDFAST_SMTP_URL" });
  const mail = await makeMail(domain, domain.records, { organization: null, email: to, name: to }, "test");
  const outcome = await post.send(messageOf(domain, mail));
  post.rest();
  if (outcome.kind !== "sent") throw new HoldfastError("mail/not-sent", { reason: outcome.reason });
  console.log(`The mail server took a mail from ${mailFrom} to ${to}.`);
}
