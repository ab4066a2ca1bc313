/** Who gets a mail about what: notification levels, business notifications, and what closes by itself. */

import { formatBytes } from "../../../base/format-bytes.ts";
import type { EventKind } from "../../../protocol/events.ts";
import type { EventRow } from "../../records/notice-rows.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow } from "../../records/rows.ts";
import { watchQuota } from "../alerts/quota-watch.ts";
import { closeOverdue } from "../alerts/silence.ts";
import type { Domain } from "../domain.ts";
import { moment, queueMail } from "../mail/queue-mail.ts";
import { mailSecurityNotice } from "../mail/security-mails.ts";
import { adviceOn } from "./advice.ts";

type Level = AccountRow["notifications"];

/** From which level on. */
const LEVELS: Partial<Record<EventKind, readonly Level[]>> = {
  "machine.backup-failed": ["less", "more", "all"],
  "machine.overdue": ["less", "more", "all"],
  "machine.backup-incomplete": ["more", "all"],
  "machine.backup-succeeded": ["all"],
};

export const wantsMail = ({ notifications }: Pick<AccountRow, "notifications">, kind: EventKind): boolean =>
  LEVELS[kind]?.includes(notifications) ?? false;

/** In the transaction that handles the event. */
export async function notify(domain: Domain, stores: RecordStores, event: EventRow): Promise<void> {
  const machine = event.machine === null ? undefined : await stores.machines.find(event.machine);
  const account = machine === undefined ? undefined : await stores.accounts.find(machine.account);
  // Of machines and people that have gone since, nobody wants to know.
  if (machine === undefined || account?.state !== "active") return;
  const about: About = { event, machine, account, detail: JSON.parse(event.detail) };
  switch (
    event.kind as EventKind // Written by `emit` only.
  ) {
    case "machine.backup-succeeded":
      await closeOverdue(domain, stores, machine, event.at);
      await watchQuota(domain, stores, machine);
      return await mailSucceeded(domain, stores, about);
    case "machine.backup-incomplete":
      await watchQuota(domain, stores, machine);
      return await mailIncomplete(domain, stores, about);
    case "machine.backup-failed":
      await watchQuota(domain, stores, machine);
      return await mailFailed(domain, stores, about);
    case "machine.overdue":
      return await mailOverdue(domain, stores, about);
    case "restore.requested":
      return await mailRestore(domain, stores, about);
    default:
      return;
  }
}

interface About {
  readonly event: EventRow;
  readonly machine: MachineRow;
  readonly account: AccountRow;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

async function mailSucceeded(domain: Domain, stores: RecordStores, { event, machine, account, detail }: About) {
  if (!wantsMail(account, "machine.backup-succeeded")) return;
  const { files, bytes, bytesTransferred } = detail;
  const values = {
    machine: machine.name,
    at: moment(event.at),
    files: Number(files),
    size: formatBytes(Number(bytes)),
    sent: formatBytes(Number(bytesTransferred)),
  };
  await queueMail(domain, stores, account, "backup-succeeded", { values });
}

async function mailIncomplete(domain: Domain, stores: RecordStores, about: About): Promise<void> {
  const { event, machine, account, detail } = about;
  if (!wantsMail(account, "machine.backup-incomplete")) return;
  const { code, message } = explained(detail);
  const problems = [`${detail.problemCount} problems in all`];
  const values = { machine: machine.name, at: moment(event.at), code, message, problems };
  const topic = `incomplete/${machine.id}/${code}`;
  await queueMail(domain, stores, account, "backup-incomplete", { values, topic });
}

async function mailFailed(domain: Domain, stores: RecordStores, about: About): Promise<void> {
  const { event, machine, account, detail } = about;
  // A lid that was closed is no failure that somebody must look after.
  const isHarmless = detail.code === "agent/vanished";
  if (!wantsMail(account, isHarmless ? "machine.backup-incomplete" : "machine.backup-failed")) return;
  const explanation = explained(detail);
  const lastUpdate = lastUpdateOf(machine);
  const values = { machine: machine.name, at: moment(event.at), ...explanation, lastUpdate };
  const topic = `failed/${machine.id}/${explanation.code}`;
  await queueMail(domain, stores, account, "backup-failed", { values, topic });
}

async function mailOverdue(domain: Domain, stores: RecordStores, { machine, account, detail }: About): Promise<void> {
  if (!wantsMail(account, "machine.overdue")) return;
  const values = {
    machine: machine.name,
    days: Number(detail.days),
    lastUpdate: lastUpdateOf(machine),
    cause: String(detail.message),
  };
  await queueMail(domain, stores, account, "machine-overdue", { values });
}

/** Whoever restores own files knows it. */
async function mailRestore(domain: Domain, stores: RecordStores, { machine, account, detail }: About): Promise<void> {
  const actor = String(detail.by);
  if (actor === account.login) return;
  const notice = {
    kind: "restore-opened",
    machine: machine.name,
    detail: `${detail.purpose}, ${detail.source}`,
  } as const;
  await mailSecurityNotice(domain, stores, account, notice, { actor });
}

export const lastUpdateOf = ({ lastUpdateAt }: Pick<MachineRow, "lastUpdateAt">): string =>
  lastUpdateAt === null ? "never" : moment(lastUpdateAt);

/** The code's own sentence and advice; a code that this version doesn't know has what the agent said. */
function explained({ code, message }: About["detail"]): { code: string; message: string; hint: string } {
  const name = String(code);
  return { code: name, message: String(message ?? ""), hint: adviceOn(name) };
}
