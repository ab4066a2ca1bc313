/** Secrets of webhooks: made here, shown once, kept sealed, because signing needs them as they are. */
import type { Random } from "../../../base/random.ts";
import { bug } from "../../../protocol/errors.ts";
import type { WebhookRow } from "../../records/notice-rows.ts";
import type { ServiceKeys } from "../service-keys.ts";

const SECRET_BYTES = 32;

export const makeSecret = (random: Random): string => `whsec_${random(SECRET_BYTES).toString("base64url")}`;

export const sealSecret = ({ secrets }: ServiceKeys, webhook: string, secret: string): string =>
  secrets.seal(Buffer.from(secret), contextOf(webhook)).toString("base64");

export function openSecret({ secrets }: ServiceKeys, { id, secret }: Pick<WebhookRow, "id" | "secret">): Buffer {
  return secrets.open(Buffer.from(secret, "base64"), contextOf(id)) ?? bug("a webhook's secret does not open");
}

const contextOf = (webhook: string): string => `webhook/${webhook}`;
