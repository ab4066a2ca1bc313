/** Mails about an account: its links, keys and passwords. Links and keys are made by whoever calls; here is only how they are told. */
import type { RecordStores } from "../../records/records.ts";
import type { DeviceKind } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { moment, queueMail, type Reader } from "./queue-mail.ts";

export interface MailedLink {
  /** Whole: `https://backup.example/activate#…`. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** To a new account, or one that must be activated again. */
export async function mailActivation(
  domain: Domain,
  stores: RecordStores,
  reader: Reader,
  link: MailedLink,
): Promise<void> {
  await queueMail(domain, stores, reader, "activation", linked(link));
}

export async function mailPasswordReset(
  domain: Domain,
  stores: RecordStores,
  reader: Reader,
  link: MailedLink,
): Promise<void> {
  await queueMail(domain, stores, reader, "password-reset", linked(link));
}

/** "Send users instructions email": a link to choose a password, and how to install. */
export async function mailInstructions(
  domain: Domain,
  stores: RecordStores,
  reader: Reader,
  link: MailedLink,
): Promise<void> {
  const { values, uselessAt } = linked(link);
  const command = `holdfast register --service ${domain.outside.publicUrl} --email ${reader.login ?? reader.email}`;
  await queueMail(domain, stores, reader, "instructions", { values: { ...values, command }, uselessAt });
}

/** "Send Keys". `productKey`: all of it, or what is known of it. */
export async function mailProductKeys(
  domain: Domain,
  stores: RecordStores,
  reader: Reader,
  keys: readonly { readonly productKey: string; readonly kind: DeviceKind }[],
): Promise<void> {
  const lines = keys.map(({ productKey, kind }) => `${kind === "server" ? "Server" : "Desktop"}: ${productKey}`);
  const command = `holdfast register --service ${domain.outside.publicUrl} --key <product key>`;
  await queueMail(domain, stores, reader, "product-keys", { values: { keys: lines, command } });
}

/** Says that there is one, never which. `logInUrl`: where this account logs in. */
export async function mailTemporaryPassword(
  domain: Domain,
  stores: RecordStores,
  reader: Reader,
  logInUrl: string,
): Promise<void> {
  await queueMail(domain, stores, reader, "temporary-password", { values: { link: logInUrl } });
}

const linked = ({ url, expiresAt }: MailedLink) => ({
  values: { link: url, expiresAt: moment(expiresAt) },
  uselessAt: expiresAt,
});
