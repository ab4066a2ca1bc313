/** The outbox's front: a mail is a row in the transaction of the act that it tells of; `send-mails.ts` brings it out. */
import type { MailRow } from "../../records/notice-rows.ts";
import type { RecordStores } from "../../records/records.ts";
import { logInPlace } from "../access/links.ts";
import type { Domain } from "../domain.ts";
import type { Part } from "./letters.ts";
import { LETTERS, type Letter, type LetterName } from "./letters.ts";
import { plain, renderLetter, type Values } from "./render-letter.ts";

/** Whom a mail is for: an account, or an address that an administrator gave. */
export interface Reader {
  readonly id?: string | undefined;
  readonly organization: string | null;
  readonly email: string;
  readonly name: string;
  /** The log-in, where it differs from the address. */
  readonly login?: string | undefined;
}

export interface MailOptions {
  readonly values?: Values;
  readonly more?: readonly Part[];
  /** The same topic is not told twice within a day. */
  readonly topic?: string;
  /** Milliseconds since 1970: not sent after this. */
  readonly uselessAt?: number;
  readonly attachment?: string;
}

const ONCE_MS = 24 * 3_600_000;

/** Answers the mail's id; undefined when it was told already. In the transaction of the act. */
export async function queueMail(
  domain: Domain,
  stores: RecordStores,
  reader: Reader,
  name: LetterName,
  options: MailOptions = {},
): Promise<string | undefined> {
  const now = domain.clock.now();
  const { topic } = options;
  if (topic !== undefined && (await stores.mails.hasTopicSince(topic, now - ONCE_MS))) return undefined;
  const row = await makeMail(domain, stores, reader, name, options);
  await stores.mails.insert(row);
  return row.id;
}

/** The row as it would be queued: previews show it. */
export async function makeMail(
  domain: Domain,
  stores: RecordStores,
  reader: Reader,
  name: LetterName,
  options: MailOptions = {},
): Promise<MailRow> {
  const letter: Letter = LETTERS[name];
  const organization = await organizationName(stores, reader.organization);
  const settingsUrl = `${await placeOf(domain, stores, reader)}/${SETTINGS_PAGES[letter.why]}`;
  const common = { name: reader.name, login: reader.login ?? reader.email, organization, settingsUrl };
  const { subject, text, html } = renderLetter(name, { ...common, ...options.values }, options.more);
  const now = domain.clock.now();
  return {
    id: domain.newId(),
    organization: reader.organization,
    account: reader.id ?? null,
    letter: name,
    topic: options.topic ?? null,
    recipient: reader.email,
    sender: plain(organization),
    subject,
    text,
    html,
    unsubscribeUrl: OPTIONAL.has(letter.why) ? settingsUrl : null,
    attachment: options.attachment ?? null,
    isSecret: letter.isSecret === true ? 1 : 0,
    state: "queued",
    attempts: 0,
    nextAt: now,
    uselessAt: options.uselessAt ?? null,
    problem: null,
    createdAt: now,
    sentAt: null,
  };
}

/** Where the reader logs in to turn such mails off; whoever has no account is sent where administrators do. */
async function placeOf(domain: Domain, stores: RecordStores, { id }: Reader): Promise<string> {
  const account = id === undefined ? undefined : await stores.accounts.find(id);
  return account === undefined ? domain.outside.publicUrl : await logInPlace(domain, stores, account);
}

/** Pages of the console on which such mails are turned off. */
const SETTINGS_PAGES: Readonly<Record<Letter["why"], string>> = {
  account: "account",
  backups: "account/notifications",
  quota: "account/notifications",
  security: "account",
  schedule: "reports",
  admins: "account",
};

const OPTIONAL: ReadonlySet<Letter["why"]> = new Set(["backups", "quota", "schedule"]);

async function organizationName(stores: RecordStores, id: string | null): Promise<string> {
  const organization = id === null ? undefined : await stores.organizations.find(id);
  return organization?.name ?? "Holdfast";
}

/** `2026-11-22 06:00 UTC`: for mails, whose readers' time zones nobody knows. */
export const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
