/** Links in mails: 256 random bits, kept as SHA-256, good once and for a while; a newer one ends older ones of the same purpose. */
import { sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, LinkRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import type { MailedLink } from "../mail/account-mails.ts";
import { settingsOf } from "../people/settings.ts";
import { placeUrl } from "../people/subdomains.ts";

const HOUR_MS = 3_600_000;

export const LINK_MS: Readonly<Record<LinkRow["purpose"], number>> = { activate: 7 * 24 * HOUR_MS, reset: HOUR_MS };

const PAGES: Readonly<Record<LinkRow["purpose"], string>> = { activate: "activate", reset: "reset-password" };

/** In the transaction of the act. The secret stands behind `#`: browsers don't send it, so it is in nobody's log. */
export async function makeLink(
  domain: Domain,
  stores: RecordStores,
  account: Pick<AccountRow, "id" | "organization" | "role">,
  purpose: LinkRow["purpose"],
): Promise<MailedLink> {
  const secret = domain.random(32).toString("base64url");
  const now = domain.clock.now();
  const expiresAt = now + LINK_MS[purpose];
  await stores.links.removeOf(account.id, purpose);
  await stores.links.insert({ digest: digestOf(secret), purpose, account: account.id, createdAt: now, expiresAt });
  return { url: `${await logInPlace(domain, stores, account)}/${PAGES[purpose]}#${secret}`, expiresAt };
}

/** Where the account logs in; of users who can't log in at all the service's own address, which has the pages of links. */
export async function logInPlace(
  { outside }: Pick<Domain, "outside">,
  stores: RecordStores,
  { organization, role }: Pick<AccountRow, "organization" | "role">,
): Promise<string> {
  const row = organization === null || role !== "user" ? undefined : await stores.organizations.find(organization);
  return placeUrl(outside, row !== undefined && settingsOf(row).usersLogIn ? row.subdomain : null);
}

/** The link of a secret, if it is good. Throws `link/invalid`, whatever is wrong with it. */
export async function findLink(
  { clock }: Pick<Domain, "clock">,
  stores: RecordStores,
  secret: string,
  purpose: LinkRow["purpose"],
): Promise<{ link: LinkRow; account: AccountRow }> {
  const link = await stores.links.find(digestOf(secret));
  const account = link === undefined ? undefined : await stores.accounts.find(link.account);
  if (link === undefined || account === undefined || link.purpose !== purpose || link.expiresAt <= clock.now())
    throw new HoldfastError("link/invalid");
  return { link, account };
}

const digestOf = (secret: string): Buffer => sha256(Buffer.from(`holdfast/v1/link/${secret}`));
