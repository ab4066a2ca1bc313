/** Brings events to webhooks: signed, again and again for a day, and no longer than three days to a URL where nothing arrives. */
import { hmacSha256 } from "../../../base/digest.ts";
import type { DeliveryRow, EventRow, WebhookRow } from "../../records/notice-rows.ts";
import type { RecordStores } from "../../records/records.ts";
import { closeAlert, openAlert } from "../alerts/alerts.ts";
import type { Domain } from "../domain.ts";
import { moment, queueMail } from "../mail/queue-mail.ts";
import { listAdmins } from "../mail/security-mails.ts";
import { openSecret } from "./secrets.ts";

const MINUTE_MS = 60_000;
const CLAIM_MS = 2 * MINUTE_MS;
const RETRY_MS = [0.5, 2, 10, 30, 60, 180, 360, 720].map((minutes) => minutes * MINUTE_MS);
const DISABLE_AFTER_MS = 3 * 24 * 60 * MINUTE_MS;
const BATCH = 50;
const AT_ONCE = 5;

/** One delivery for each active webhook that wants such events. In the transaction that handles the event. */
export async function queueDeliveries(domain: Domain, stores: RecordStores, event: EventRow): Promise<void> {
  const hooks = await stores.webhooks.listActive(event.organization);
  if (hooks.length === 0) return;
  const body = await bodyOf(stores, event);
  for (const hook of hooks) if (wants(hook, event.kind)) await queueDelivery(domain, stores, hook, event, body);
}

export async function queueDelivery(
  domain: Domain,
  stores: RecordStores,
  hook: WebhookRow,
  event: Pick<EventRow, "id" | "kind">,
  body: string,
): Promise<DeliveryRow> {
  const now = domain.clock.now();
  const row: DeliveryRow = {
    id: domain.newId(),
    organization: hook.organization,
    webhook: hook.id,
    event: event.id,
    kind: event.kind,
    body,
    state: "waiting",
    attempts: 0,
    nextAt: now,
    status: null,
    problem: null,
    createdAt: now,
    endedAt: null,
  };
  await stores.deliveries.insert(row);
  return row;
}

/** `id` is the event's: whoever gets it twice knows it again. */
async function bodyOf(stores: RecordStores, event: EventRow): Promise<string> {
  const machine = event.machine === null ? undefined : await stores.machines.findEvenDeleted(event.machine);
  const account = event.account === null ? undefined : await stores.accounts.find(event.account);
  return JSON.stringify({
    id: event.id,
    kind: event.kind,
    at: new Date(event.at).toISOString(),
    organization: event.organization,
    ...(machine === undefined ? {} : { machine: { id: machine.id, name: machine.name } }),
    ...(account === undefined ? {} : { user: { id: account.id, email: account.email, name: account.name } }),
    detail: JSON.parse(event.detail),
  });
}

function wants(hook: WebhookRow, kind: string): boolean {
  const kinds: unknown = JSON.parse(hook.events);
  return Array.isArray(kinds) && (kinds.length === 0 || kinds.includes(kind));
}

/** One turn of the job. */
export async function deliverWebhooks(domain: Domain, signal?: AbortSignal): Promise<void> {
  const { records, clock } = domain;
  for (;;) {
    const due = await records.deliveries.listDue(clock.now(), BATCH);
    for (let at = 0; at < due.length; at += AT_ONCE) {
      if (signal?.aborted) return;
      await Promise.all(due.slice(at, at + AT_ONCE).map((delivery) => deliverOne(domain, delivery)));
    }
    if (due.length < BATCH) return;
  }
}

async function deliverOne(domain: Domain, delivery: DeliveryRow): Promise<void> {
  const { records, clock, outside } = domain;
  const claim = { id: delivery.id, attempts: delivery.attempts, until: clock.now() + CLAIM_MS };
  if (!(await records.deliveries.claim(claim))) return;
  const hook = await records.webhooks.find(delivery.webhook);
  if (hook?.state !== "active") return await end(domain, delivery, { status: null, problem: "the webhook is off" });
  const headers = headersOf(domain, hook, delivery);
  const outcome = await outside.hooks.send({ url: hook.url, headers, body: delivery.body });
  if (outcome.kind === "delivered") return await noteDelivered(domain, hook, delivery, outcome.status);
  await noteFailed(domain, hook, delivery, { status: outcome.status, problem: outcome.reason });
}

/** `v1` is HMAC-SHA-256, in hexadecimal, of the seconds, a full stop and the body. */
function headersOf({ clock, keys }: Domain, hook: WebhookRow, delivery: DeliveryRow): Record<string, string> {
  const seconds = Math.floor(clock.now() / 1000);
  const signature = hmacSha256(openSecret(keys, hook), Buffer.from(`${seconds}.${delivery.body}`)).toString("hex");
  return {
    "user-agent": "holdfast-webhook",
    "holdfast-event": delivery.kind,
    "holdfast-delivery": delivery.id,
    "holdfast-signature": `t=${seconds},v1=${signature}`,
  };
}

interface Failure {
  readonly status: number | null;
  readonly problem: string;
}

async function noteDelivered({ records, clock }: Domain, hook: WebhookRow, { id }: DeliveryRow, status: number) {
  await records.deliveries.change(id, { state: "delivered", status, problem: null, endedAt: clock.now() });
  if (hook.failingSince !== null) await records.webhooks.change(hook.id, { failingSince: null });
}

async function noteFailed(domain: Domain, hook: WebhookRow, delivery: DeliveryRow, failure: Failure): Promise<void> {
  const { records, clock } = domain;
  const now = clock.now();
  const failingSince = hook.failingSince ?? now;
  if (hook.failingSince === null) await records.webhooks.change(hook.id, { failingSince });
  const waitMs = RETRY_MS[delivery.attempts];
  if (now - failingSince >= DISABLE_AFTER_MS) await disable(domain, hook, failure);
  else if (waitMs !== undefined) {
    await records.deliveries.change(delivery.id, { ...failure, nextAt: now + waitMs });
    return;
  }
  await end(domain, delivery, failure);
}

async function end({ records, clock }: Domain, { id }: DeliveryRow, failure: Failure): Promise<void> {
  await records.deliveries.change(id, { ...failure, state: "failed", endedAt: clock.now() });
}

async function disable(domain: Domain, hook: WebhookRow, { problem }: Failure): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const current = await stores.webhooks.find(hook.id);
    if (current?.state !== "active" || current.failingSince === null) return;
    await stores.webhooks.change(hook.id, { state: "disabled", version: current.version + 1 });
    const { organization, url } = hook;
    const since = moment(current.failingSince);
    const message = `${url} has not answered since ${since}: ${problem}`;
    await openAlert(domain, stores, {
      organization,
      kind: "webhook.disabled",
      id: hook.id,
      subject: url,
      cause: "failing",
      message,
    });
    for (const admin of await listAdmins(stores, organization))
      await queueMail(domain, stores, admin, "webhook-disabled", { values: { url, since, reason: `${problem}.` } });
  });
}

/** Somebody has turned it on again. In a transaction. */
export async function forgiveWebhook(domain: Domain, stores: RecordStores, hook: WebhookRow): Promise<void> {
  await stores.webhooks.change(hook.id, { failingSince: null });
  await closeAlert(domain, stores, "webhook.disabled", hook.id);
}
