/** Webhooks: events, signed, to a real web server. */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { deliverWebhooks } from "../../server-mock/domain/webhooks/deliver.ts";
import { settleNotices } from "../support/settle-notices.ts";
import { steeredClock } from "../support/steered-clock.ts";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

const HOUR = 3_600_000;

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A receiver that answers as it is told. */
async function receiver() {
  const got: Received[] = [];
  const answer = { status: 200 };
  const server = createServer(async (request, response) => {
    const pieces = await Array.fromAsync(request);
    got.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  // A listening TCP server has an address of this shape.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got, answer };
}

async function started(events: readonly string[] = []) {
  const hook = await receiver();
  const service = await startTestService({ config: { allowPrivateWebhooks: true } });
  const token = await service.logIn("admin");
  const created = await service.call("createWebhook", { token, body: { url: hook.url, events } });
  const machine = await registerMachine(service);
  // Time goes on for the test alone: the service's own jobs sleep.
  const clock = steeredClock(service.clock.now());
  const domain = { ...service.service.domain, clock };
  return { service, token, hook, webhook: created.json, machine, domain, clock };
}

const kinds = (got: readonly Received[]) => got.map(({ body }) => JSON.parse(body).kind);

test("an event arrives once, with a signature over its time and body that the shown secret gives", async () => {
  const { hook, webhook, machine, domain } = await started(["machine.backup-succeeded"]);
  await machine.backUp();
  await settleNotices(domain);
  await settleNotices(domain);
  expect(hook.got).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: "" }] = hook.got;
  const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["holdfast-signature"])) ?? [];
  expect(signature).toBe(createHmac("sha256", webhook.secret).update(`${seconds}.${body}`).digest("hex"));
  expect(headers["holdfast-event"]).toBe("machine.backup-succeeded");
  expect(JSON.parse(body)).toMatchObject({
    kind: "machine.backup-succeeded",
    machine: { id: machine.id, name: "den" },
    user: { email: "user@holdfast.example" },
    detail: { code: "Success", files: 3 },
  });
});

test("only chosen kinds are sent; none chosen means all", async () => {
  const chosen = await started(["machine.backup-failed"]);
  await chosen.machine.backUp();
  await settleNotices(chosen.domain);
  expect(chosen.hook.got).toEqual([]);
  const all = await started();
  await all.machine.backUp();
  await settleNotices(all.domain);
  expect(kinds(all.hook.got)).toContain("machine.backup-succeeded");
});

test("a receiver that fails is tried again later and later; the log says what it answered", async () => {
  const { service, token, hook, webhook, machine, domain, clock } = await started(["machine.backup-succeeded"]);
  hook.answer.status = 503;
  await machine.backUp();
  await settleNotices(domain);
  const log = async () => (await service.call("listDeliveries", { token, params: { webhook: webhook.id } })).json.items;
  expect(await log()).toMatchObject([{ state: "waiting", attempts: 1, status: 503, problem: "it answered 503" }]);
  await deliverWebhooks(domain); // Not yet again.
  expect(hook.got).toHaveLength(1);
  hook.answer.status = 200;
  clock.advance(30_000);
  await deliverWebhooks(domain);
  expect(await log()).toMatchObject([{ state: "delivered", attempts: 2, status: 200, problem: null, nextAt: null }]);
  const [first, second] = hook.got.map(({ body }) => body);
  expect(second).toBe(first);
  const [shown] = (await service.call("listWebhooks", { token })).json.items;
  expect(shown.failingSince).toBeNull();
});

test("a receiver that fails for three days is turned off with an alert; turned on again it gets what is new", async () => {
  const { service, token, hook, webhook, machine, domain, clock } = await started(["machine.backup-succeeded"]);
  hook.answer.status = 500;
  await machine.backUp();
  await settleNotices(domain);
  clock.advance(73 * HOUR);
  await deliverWebhooks(domain);
  const [shown] = (await service.call("listWebhooks", { token })).json.items;
  expect(shown).toMatchObject({ state: "disabled", url: hook.url });
  const open = async () => (await service.call("listAlerts", { token, query: { state: "open" } })).json.items;
  expect(await open()).toMatchObject([{ kind: "webhook.disabled", subject: hook.url }]);
  const mails = await domain.records.mails.list({ limit: 9 }, {});
  expect(mails.map(({ letter, recipient }) => `${letter} ${recipient}`)).toContain(
    "webhook-disabled admin@holdfast.example",
  );
  hook.got.length = 0;
  await machine.backUp();
  await settleNotices(domain);
  expect(hook.got).toEqual([]);
  hook.answer.status = 200;
  const params = { webhook: webhook.id };
  expect((await service.call("changeWebhook", { token, params, body: { state: "active" } })).json.state).toBe("active");
  expect(await open()).toEqual([]);
  await machine.backUp();
  await settleNotices(domain);
  expect(kinds(hook.got)).toEqual(["machine.backup-succeeded"]);
});

test("after eight retries a delivery is given up", async () => {
  const { hook, webhook, machine, domain, clock } = await started(["machine.backup-succeeded"]);
  hook.answer.status = 500;
  await machine.backUp();
  await settleNotices(domain);
  for (let turn = 0; turn < 20; turn++) {
    const [delivery] = await domain.records.deliveries.list({ limit: 1 }, webhook.id);
    if (delivery?.state !== "waiting") break;
    clock.advance(Math.max(0, delivery.nextAt - clock.now()));
    await deliverWebhooks(domain);
  }
  expect(await domain.records.deliveries.list({ limit: 1 }, webhook.id)).toMatchObject([
    { state: "failed", attempts: 9 },
  ]);
  expect(hook.got).toHaveLength(9);
});

test("the secret is shown when it is made, never again, and never kept as it is", async () => {
  const { service, token, webhook, domain, hook, machine } = await started(["machine.backup-succeeded"]);
  expect(webhook.secret).toMatch(/^whsec_/);
  const listed = await service.call("listWebhooks", { token });
  expect(listed.bytes.toString()).not.toContain("secret");
  expect((await domain.records.webhooks.find(webhook.id))?.secret).not.toContain(webhook.secret);
  const params = { webhook: webhook.id };
  expect((await service.call("changeWebhook", { token, params, body: { events: [] } })).json.secret).toBeNull();
  const renewed = (await service.call("changeWebhook", { token, params, body: { newSecret: true } })).json;
  expect(renewed.secret).not.toBe(webhook.secret);
  await machine.backUp();
  await settleNotices(domain);
  const [{ headers, body } = { headers: {}, body: "" }] = hook.got.filter(
    (each) => each.headers["holdfast-event"] === "machine.backup-succeeded",
  );
  const [, seconds, signature] = /^t=(\d+),v1=(\w+)$/.exec(String(headers["holdfast-signature"])) ?? [];
  expect(signature).toBe(createHmac("sha256", renewed.secret).update(`${seconds}.${body}`).digest("hex"));
});

test("a test event is sent on demand", async () => {
  const { service, token, webhook, domain, hook } = await started(["machine.backup-failed"]);
  const tested = await service.call("testWebhook", { token, params: { webhook: webhook.id } });
  expect(tested.json).toMatchObject({ kind: "webhook.test", state: "waiting" });
  await deliverWebhooks(domain);
  expect(kinds(hook.got)).toEqual(["webhook.test"]);
});

test("private and loopback addresses are refused unless the operator allows them", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  for (const url of [
    "http://127.0.0.1/",
    "https://127.0.0.1/",
    "https://10.0.0.8/x",
    "https://[::1]/",
    "http://example.com/",
  ])
    expect((await service.call("createWebhook", { token, body: { url } })).code, url).toBe("webhook/refused");
  const created = await service.call("createWebhook", { token, body: { url: "https://hooks.example.com/" } });
  expect(created.status).toBe(200);
  const params = { webhook: created.json.id };
  const moved = await service.call("changeWebhook", { token, params, body: { url: "https://192.168.0.1/" } });
  expect(moved.code).toBe("webhook/refused");
});

test("two admins don't overwrite each other", async () => {
  const { service, token, webhook } = await started();
  const params = { webhook: webhook.id };
  const headers = { "if-match": `"${webhook.version}"` };
  const change = () => service.call("changeWebhook", { token, params, headers, body: { state: "disabled" } });
  expect((await change()).status).toBe(200);
  expect((await change()).code).toBe("edit/conflict");
});

test("users have nothing to do with webhooks; a webhook that was deleted gets nothing", async () => {
  const { service, token, webhook, domain, hook, machine } = await started();
  const user = await service.logIn("user");
  const params = { webhook: webhook.id };
  for (const name of ["listWebhooks", "createWebhook", "deleteWebhook", "testWebhook", "listDeliveries"] as const)
    expect(
      (
        await service.call(name, {
          token: user,
          params,
          body: name === "createWebhook" ? { url: hook.url } : undefined,
        })
      ).code,
    ).toBe("role/not-allowed");
  await settleNotices(domain);
  hook.got.length = 0;
  expect((await service.call("deleteWebhook", { token, params })).status).toBe(200);
  await machine.backUp();
  await settleNotices(domain);
  expect(hook.got).toEqual([]);
  expect((await service.call("listDeliveries", { token, params })).code).toBe("webhook/missing");
});
