/** Webhooks, as admins manage them. */
import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { DeliveryView, WebhookView, webhookChange, webhookCreate } from "../../../protocol/messages/webhooks.ts";
import type { DeliveryRow, WebhookRow } from "../../records/notice-rows.ts";
import type { RecordStores } from "../../records/records.ts";
import { actorOf, ownOrganization, parseIds } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { instant } from "../views.ts";
import { forgiveWebhook, queueDelivery } from "./deliver.ts";
import { makeSecret, sealSecret } from "./secrets.ts";

const WEBHOOKS_MAX = 20;

export async function createWebhook(
  domain: Domain,
  caller: ConsoleCaller,
  { url, events }: z.output<typeof webhookCreate>,
  address: string,
): Promise<WebhookView & { secret: string }> {
  const organization = ownOrganization(caller, "create webhooks");
  requireWhole(caller);
  checkUrl(domain, url);
  return await domain.records.transaction(async (stores) => {
    const there = await stores.webhooks.list({ limit: WEBHOOKS_MAX }, organization);
    if (there.length >= WEBHOOKS_MAX) throw new HoldfastError("webhook/too-many", { limit: WEBHOOKS_MAX });
    const id = domain.newId();
    const secret = makeSecret(domain.random);
    const row: WebhookRow = {
      id,
      organization,
      url,
      events: JSON.stringify(events),
      secret: sealSecret(domain.keys, id, secret),
      state: "active",
      failingSince: null,
      version: 1,
      createdAt: domain.clock.now(),
    };
    await stores.webhooks.insert(row);
    await note(domain, stores, caller, { row, action: "webhooks/create", address });
    return { ...viewWebhook(row), secret };
  });
}

export const listWebhooks = async (
  { records }: Domain,
  caller: ConsoleCaller,
  query: ListQuery,
): Promise<Page<WebhookView>> => {
  requireWhole(caller);
  return await pageOf(query, (page) => records.webhooks.list(page, caller.scope.organization), viewWebhook);
};

type Change = z.output<typeof webhookChange> & { webhook: string };

export async function changeWebhook(
  domain: Domain,
  caller: ConsoleCaller,
  change: Change,
  { ifMatch, address }: { ifMatch: number | undefined; address: string },
): Promise<WebhookView & { secret: string | null }> {
  if (change.url !== undefined) checkUrl(domain, change.url);
  return await domain.records.transaction(async (stores) => {
    const row = await getWebhook(stores, caller, change.webhook);
    checkVersion(row, ifMatch);
    const secret = change.newSecret ? makeSecret(domain.random) : null;
    const changed = {
      url: change.url ?? row.url,
      events: change.events === undefined ? row.events : JSON.stringify(change.events),
      state: change.state ?? row.state,
      secret: secret === null ? row.secret : sealSecret(domain.keys, row.id, secret),
      version: row.version + 1,
    };
    await stores.webhooks.change(row.id, changed);
    const isBack = changed.state === "active" && (row.state === "disabled" || changed.url !== row.url);
    if (isBack) await forgiveWebhook(domain, stores, row);
    const now = { ...row, ...changed, failingSince: isBack ? null : row.failingSince };
    await note(domain, stores, caller, { row: now, action: "webhooks/change", address, newSecret: secret !== null });
    return { ...viewWebhook(now), secret };
  });
}

export async function deleteWebhook(domain: Domain, caller: ConsoleCaller, id: string, address: string): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const row = await getWebhook(stores, caller, id);
    await forgiveWebhook(domain, stores, row);
    await stores.webhooks.remove(id);
    await note(domain, stores, caller, { row, action: "webhooks/delete", address });
  });
}

/** Sent by the job, like any other. */
export async function testWebhook(domain: Domain, caller: ConsoleCaller, id: string): Promise<DeliveryView> {
  return await domain.records.transaction(async (stores) => {
    const row = await getWebhook(stores, caller, id);
    if (row.state === "disabled") throw new HoldfastError("webhook/disabled");
    const event = { id: domain.newId(), kind: "webhook.test" };
    const at = instant(domain.clock.now());
    const body = JSON.stringify({ ...event, at, organization: row.organization, detail: { by: caller.account.login } });
    return viewDelivery(await queueDelivery(domain, stores, row, event, body));
  });
}

export async function listDeliveries(
  { records }: Domain,
  caller: ConsoleCaller,
  { webhook, ...query }: ListQuery & { webhook: string },
): Promise<Page<DeliveryView>> {
  await getWebhook(records, caller, webhook);
  return await pageOf(query, (page) => records.deliveries.list(page, webhook), viewDelivery);
}

/** Throws `webhook/missing`. */
async function getWebhook(stores: RecordStores, caller: ConsoleCaller, id: string): Promise<WebhookRow> {
  requireWhole(caller);
  const row = await stores.webhooks.find(id);
  const { organization } = caller.scope;
  if (row === undefined || (organization !== undefined && row.organization !== organization))
    throw new HoldfastError("webhook/missing");
  return row;
}

/** Events are of all groups: whoever sees only some has no business with them. */
function requireWhole({ scope }: ConsoleCaller): void {
  if (scope.groups !== undefined || scope.account !== undefined)
    throw new HoldfastError("role/not-allowed", { action: "see or change webhooks: they get events of all groups" });
}

function checkUrl({ outside }: Domain, url: string): void {
  const reason = outside.hooks.refusal(url);
  if (reason !== undefined) throw new HoldfastError("webhook/refused", { url, reason });
}

const viewWebhook = (row: WebhookRow): WebhookView => ({
  id: row.id,
  organization: row.organization,
  url: row.url,
  events: parseIds(row.events),
  state: row.state,
  failingSince: row.failingSince === null ? null : instant(row.failingSince),
  version: row.version,
  createdAt: instant(row.createdAt),
});

const viewDelivery = (row: DeliveryRow): DeliveryView => ({
  id: row.id,
  event: row.event,
  kind: row.kind,
  state: row.state,
  attempts: row.attempts,
  status: row.status,
  problem: row.problem,
  body: row.body,
  createdAt: instant(row.createdAt),
  nextAt: row.state === "waiting" ? instant(row.nextAt) : null,
  endedAt: row.endedAt === null ? null : instant(row.endedAt),
});

async function note(
  domain: Domain,
  stores: RecordStores,
  caller: ConsoleCaller,
  { row, action, address, newSecret }: { row: WebhookRow; action: string; address: string; newSecret?: boolean },
): Promise<void> {
  const { organization, url: subject, events, state } = row;
  const detail = JSON.stringify({ events: parseIds(events), state, ...(newSecret ? { newSecret } : {}) });
  await audit(domain, stores, { ...actorOf(caller, address), organization, action, subject, detail });
}
