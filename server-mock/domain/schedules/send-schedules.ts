/**
 * Sends what is due: one transaction moves the schedule on and queues its mails, so that a turn that is cut sends nothing twice. What was missed while
 * the service was down is sent once.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import { type EmailAlertView, reportContent, summaryContent } from "../../../protocol/messages/schedules.ts";
import type { ScheduleRow } from "../../records/notice-rows.ts";
import type { RecordStores, Scope } from "../../records/records.ts";
import { accessOf, actorOf, getGroup, ownOrganization, parseIds } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { type MailOptions, makeMail, moment, queueMail } from "../mail/queue-mail.ts";
import { audit } from "../records/audit.ts";
import { REPORTS } from "../reports/reports.ts";
import { type ReportAttachment, reportFile } from "../reports/run-report.ts";
import { nextTime } from "./next-time.ts";
import { getSchedule, recipientsOf, timingOf } from "./schedules.ts";
import { summaryParts } from "./summary.ts";

const BATCH = 20;

/** One turn of the job. */
export async function sendDueSchedules(domain: Domain, signal?: AbortSignal): Promise<void> {
  const { records, clock } = domain;
  for (;;) {
    const due = await records.schedules.listDue(clock.now(), BATCH);
    for (const row of due) {
      if (signal?.aborted) return;
      await sendIfDue(domain, row);
    }
    if (due.length < BATCH) return;
  }
}

async function sendIfDue(domain: Domain, { id }: ScheduleRow): Promise<void> {
  const { records, clock } = domain;
  const now = clock.now();
  const row = await records.schedules.find(id);
  if (row === undefined || !isDue(row, now)) return;
  const mail = await composed(domain, row);
  const nextAt = nextTime(row.frequency, timingOf(row), now);
  await records.transaction(async (stores) => {
    const current = await stores.schedules.find(id);
    // Somebody else has sent it, or changed it: the next turn looks again.
    if (current === undefined || !isDue(current, now) || current.version !== row.version) return;
    // Whoever made it may not see these things any more: nobody gets them until somebody who may takes it over.
    if (mail === undefined) return await stores.schedules.change(id, { isActive: 0, nextAt });
    await stores.schedules.change(id, { nextAt, lastAt: now });
    await queue(domain, stores, row, mail);
  });
}

const isDue = ({ isActive, nextAt }: ScheduleRow, now: number): boolean => isActive === 1 && nextAt <= now;

/** "Send Now". Throws `schedule/missing`. */
export async function sendNow(
  domain: Domain,
  caller: ConsoleCaller,
  { kind, schedule }: { kind: ScheduleRow["kind"]; schedule: string },
  address: string,
): Promise<void> {
  const { records } = domain;
  const row = await getSchedule(records, caller, kind, schedule);
  const mail = await composed(domain, row);
  if (mail === undefined) throw new HoldfastError("schedule/missing");
  const { organization, subject } = row;
  await records.transaction(async (stores) => {
    await queue(domain, stores, row, mail);
    await audit(domain, stores, { ...actorOf(caller, address), organization, action: "schedules/send", subject });
  });
}

interface Composed {
  readonly letter: "report" | "summary";
  readonly options: MailOptions;
}

/** What its maker may see, outside of any transaction: it may take a while. undefined: nothing any more. */
async function composed(domain: Domain, row: ScheduleRow): Promise<Composed | undefined> {
  const scope = await makersScope(domain.records, row);
  if (scope === undefined) return undefined;
  return row.kind === "report" ? reportMail(domain, row, scope) : await summaryMail(domain, domain.records, row, scope);
}

/** undefined: the account has gone, or may see nothing of the kind any more. */
async function makersScope(stores: RecordStores, row: ScheduleRow): Promise<Scope | undefined> {
  const maker = await stores.accounts.find(row.madeBy);
  if (maker?.state !== "active" || maker.organization !== row.organization) return undefined;
  const { scope, capabilities } = await accessOf(stores, maker, { capabilities: null });
  if (!capabilities.has(row.kind === "report" ? "reports.view" : "alerts.view")) return undefined;
  return narrowed(scope, row.scopeGroups === null ? null : parseIds(row.scopeGroups));
}

export const narrowed = (scope: Scope, groups: readonly string[] | null): Scope =>
  groups === null ? scope : { ...scope, groups: groups.filter((group) => scope.groups?.includes(group) ?? true) };

async function queue(
  domain: Domain,
  stores: RecordStores,
  row: ScheduleRow,
  { letter, options }: Composed,
): Promise<void> {
  for (const email of recipientsOf(row)) {
    const reader = { organization: row.organization, email, name: email };
    await queueMail(domain, stores, reader, letter, options);
  }
}

function reportMail({ clock }: Domain, row: ScheduleRow, scope: Scope): Composed {
  const { report, parameters } = reportContent.parse(JSON.parse(row.content));
  const now = clock.now();
  const file = reportFile(report, now);
  const attachment: ReportAttachment = { report, parameters, scope, file };
  const values = { subject: row.subject, schedule: row.subject, title: REPORTS[report].title, at: moment(now), file };
  return { letter: "report", options: { values, attachment: JSON.stringify(attachment) } };
}

async function summaryMail(
  domain: Domain,
  stores: RecordStores,
  row: Pick<ScheduleRow, "subject" | "content" | "frequency">,
  scope: Scope,
): Promise<Composed> {
  const content = summaryContent.parse(JSON.parse(row.content));
  const { more, values } = await summaryParts(domain, stores, { scope, content, frequency: row.frequency });
  const named = { subject: row.subject, schedule: row.subject, at: moment(domain.clock.now()) };
  return { letter: "summary", options: { values: { ...values, ...named }, more } };
}

type Previewed = Pick<EmailAlertView, "subject" | "frequency" | "groups" | "modules" | "days" | "percent">;

/** What would be mailed now, as the caller sees it. */
export async function previewSummary(
  domain: Domain,
  caller: ConsoleCaller,
  wanted: Previewed,
): Promise<{ subject: string; text: string; html: string }> {
  const { records } = domain;
  const { subject, frequency, groups, modules, days, percent } = wanted;
  for (const group of groups ?? []) await getGroup(records, caller, group);
  const row = { subject, frequency, content: JSON.stringify({ modules, days, percent }) };
  const { letter, options } = await summaryMail(domain, records, row, narrowed(caller.scope, groups));
  const organization = ownOrganization(caller, "see e-mail alerts");
  const reader = { organization, email: caller.account.email, name: caller.account.name };
  const mail = await makeMail(domain, records, reader, letter, options);
  return { subject: mail.subject, text: mail.text, html: mail.html };
}
