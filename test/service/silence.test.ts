/** The service notices silent machines by itself, says why, and stops saying so. */
import { expect, test } from "vitest";
import { overdueCause, watchSilence } from "../../server-mock/domain/alerts/silence.ts";
import { tidyNotices } from "../../server-mock/domain/tidy-notices.ts";
import { mailSink } from "../support/mail-sink.ts";
import { settleNotices } from "../support/settle-notices.ts";
import { steeredClock } from "../support/steered-clock.ts";
import { machineFacts, registerMachine, type TestMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function started() {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const token = await service.logIn("admin");
  return { service, machine, token, domain: service.service.domain };
}

async function open(service: TestService): Promise<{ cause: string; subject: string; message: string; id: string }[]> {
  const token = await service.logIn("admin");
  return (await service.call("listAlerts", { token, query: { state: "open" } })).json.items;
}

const seen = (machine: TestMachine) => machine.test.call("ownMachine", { token: machine.token });

test("a machine is overdue when the days of its group are over, not a moment before", async () => {
  const { service, domain } = await started();
  service.clock.advance(3 * DAY);
  await watchSilence(domain);
  expect(await open(service)).toEqual([]);
  service.clock.advance(1);
  await watchSilence(domain);
  await watchSilence(domain);
  expect(await open(service)).toMatchObject([
    { kind: "machine.overdue", subject: "den", cause: "offline", state: "open" },
  ]);
});

test("a group can have other days than its organization", async () => {
  const { service, domain, machine } = await started();
  const { userGroup = "" } = (await domain.records.machines.find(machine.id)) ?? {};
  await domain.records.groups.change(userGroup, { settings: JSON.stringify({ overdueDays: 10 }) });
  service.clock.advance(9 * DAY);
  await watchSilence(domain);
  expect(await open(service)).toEqual([]);
  service.clock.advance(DAY + 1);
  await watchSilence(domain);
  expect(await open(service)).toHaveLength(1);
  await domain.records.groups.change(userGroup, { settings: JSON.stringify({ overdueDays: 20 }) });
  await watchSilence(domain);
  expect(await open(service)).toEqual([]);
});

test("a successful backup closes the alert at once, without waiting for the watch", async () => {
  const { service, domain, machine } = await started();
  service.clock.advance(4 * DAY);
  await watchSilence(domain);
  expect(await open(service)).toHaveLength(1);
  await machine.backUp();
  await settleNotices(domain);
  expect(await open(service)).toEqual([]);
  const token = await service.logIn("admin");
  const [closed] = (await service.call("listAlerts", { token, query: { state: "closed" } })).json.items;
  expect(closed).toMatchObject({ kind: "machine.overdue", state: "closed", closedAt: expect.any(String) });
});

test("a success that is told late closes nothing that was found after it", async () => {
  const { service, machine } = await started();
  await machine.backUp();
  // Time goes on for the test alone: the service's own jobs sleep.
  const clock = steeredClock(service.clock.now());
  const domain = { ...service.service.domain, clock };
  clock.advance(4 * DAY);
  await watchSilence(domain);
  await settleNotices(domain);
  expect(await open(service)).toHaveLength(1);
});

test("the cause follows the machine: offline, online but failing, quota full", async () => {
  const { service, domain, machine } = await started();
  await machine.backUp();
  const cause = async () => {
    await watchSilence(domain);
    return (await open(service))[0]?.cause;
  };
  service.clock.advance(5 * DAY);
  expect(await cause()).toBe("offline");
  await seen(machine);
  expect(await cause()).toBe("late");
  await machine.open();
  await machine.end({ code: "storage/full", message: "No." });
  expect(await cause()).toBe("failing");
  expect((await open(service))[0]?.message).toContain("storage/full");
  await machine.open();
  await machine.end({ code: "quota/exceeded", message: "Full." });
  expect(await cause()).toBe("quota-full");
  await domain.records.machines.change(machine.id, { state: "suspended" });
  expect(await cause()).toBe("suspended");
});

const NOW = 100 * DAY;
const facts = {
  state: "active",
  createdAt: 0,
  lastSeenAt: NOW,
  lastUpdateAt: null,
  lastFailureAt: null,
  lastFailureCode: null,
} as const;

test.each([
  ["never", {}, undefined],
  ["offline", { lastSeenAt: null }, undefined],
  ["offline", { lastSeenAt: NOW - 4 * DAY, lastFailureAt: NOW, lastFailureCode: "disk/full" }, undefined],
  ["failing", { lastFailureAt: NOW - 1, lastFailureCode: "disk/full" }, undefined],
  ["failing", { lastFailureAt: NOW - 1, lastFailureCode: "from/the-future" }, undefined],
  ["late", { lastUpdateAt: NOW - 5 * DAY, lastFailureAt: NOW - 6 * DAY, lastFailureCode: "disk/full" }, undefined],
  ["stuck", { lastFailureAt: NOW - 1, lastFailureCode: "disk/full" }, { state: "running", startedAt: NOW - 2 * DAY }],
  ["never", {}, { state: "running", startedAt: NOW - HOUR }],
  ["suspended", { state: "suspended" }, { state: "running", startedAt: 0 }],
] as const)("%s: %j, last run %j", (cause, more, lastRun) => {
  const found = overdueCause({ ...facts, ...more }, lastRun, { before: NOW - 3 * DAY, now: NOW });
  expect(found.cause).toBe(cause);
  expect(found.message).toMatch(/^[A-Z].*\.$/);
});

test("the owner is told of an overdue machine once; whoever suspended it knows it", async () => {
  const sink = await mailSink();
  const service = await startTestService({ config: { smtpUrl: `smtp://127.0.0.1:${sink.port}` } });
  const { domain } = service.service;
  const machine = await registerMachine(service, { facts: machineFacts({ name: "attic" }) });
  service.clock.advance(4 * DAY);
  for (let turn = 0; turn < 3; turn++) {
    await watchSilence(domain);
    await settleNotices(domain);
  }
  await expect.poll(() => sink.mails.map(({ email }) => email.subject)).toEqual(["attic has no recent backup"]);
  expect(sink.mails[0]?.email.text).toContain("Last successful backup: never");
  await machine.backUp();
  await settleNotices(domain);
  await domain.records.machines.change(machine.id, { state: "suspended" });
  service.clock.advance(4 * DAY);
  await watchSilence(domain);
  await settleNotices(domain);
  expect(await open(service)).toMatchObject([{ cause: "suspended" }]);
  expect(sink.mails).toHaveLength(1);
});

test("a deleted machine is nobody's worry", async () => {
  const { service, domain, machine } = await started();
  service.clock.advance(4 * DAY);
  await watchSilence(domain);
  await domain.records.machines.change(machine.id, { deletedAt: service.clock.now() });
  await watchSilence(domain);
  expect(await open(service)).toEqual([]);
});

test("somebody acknowledges an alert: it stays open, says who, and is noted in the audit", async () => {
  const { service, domain } = await started();
  service.clock.advance(4 * DAY);
  await watchSilence(domain);
  const [alert] = await open(service);
  const params = { alert: alert?.id ?? "" };
  const acknowledged = (await service.call("acknowledgeAlert", { token: await service.logIn("admin"), params })).json;
  expect(acknowledged).toMatchObject({ state: "acknowledged", acknowledgedBy: service.first.admin.email });
  const fresh = await service.logIn("admin");
  const counts = (await service.call("overview", { token: fresh })).json.alerts;
  expect(counts).toEqual({ open: 1, unacknowledged: 0 });
  const actions = (await domain.records.audit.list({ limit: 20 }, {})).map(({ action }) => action);
  expect(actions).toContain("alerts/acknowledge");
});

test("users see the alerts of their own machines, and acknowledge none", async () => {
  const { service, domain } = await started();
  service.clock.advance(4 * DAY);
  await watchSilence(domain);
  const token = await service.logIn("user");
  const { items } = (await service.call("listAlerts", { token })).json;
  expect(items).toHaveLength(1);
  expect((await service.call("acknowledgeAlert", { token, params: { alert: items[0].id } })).code).toBe(
    "role/not-allowed",
  );
});

test("the overview counts every machine once, with the filter that lists it", async () => {
  const { service, machine, token } = await started();
  const second = await registerMachine(service, {
    productKey: service.first.productKeys.server,
    facts: { kind: "server", name: "rack" },
  });
  await machine.backUp();
  await second.open();
  const overview = async (as = token) => (await service.call("overview", { token: as })).json;
  const { machines, runningBackups, storage } = await overview();
  expect(machines.total).toBe(2);
  const counts = Object.fromEntries(
    machines.byStatus.map((each: { status: string; count: number }) => [each.status, each.count]),
  );
  expect(counts).toEqual({ "on-time": 1, never: 1, late: 0, failing: 0, offline: 0, suspended: 0 });
  expect(machines.byStatus).toContainEqual({ status: "never", count: 1, filter: { status: "never" } });
  expect(runningBackups).toBe(1);
  expect(storage.usedBytes).toBeGreaterThan(0);
  expect((await overview(await service.logIn("user"))).machines.total).toBe(2);
});

test("the overview answers what it knows for a moment, and counts anew behind it", async () => {
  const { service, token } = await started();
  const total = async () => (await service.call("overview", { token })).json.machines.total;
  expect(await total()).toBe(1);
  await registerMachine(service, { productKey: service.first.productKeys.server, facts: { kind: "server" } });
  expect(await total()).toBe(1);
  service.clock.advance(6000);
  await expect.poll(total).toBe(2);
});

test("what is long past is forgotten, what is open is not", async () => {
  const { service, domain } = await started();
  service.clock.advance(4 * DAY);
  await watchSilence(domain);
  await settleNotices(domain);
  service.clock.advance(400 * DAY);
  await tidyNotices(domain);
  expect(await domain.records.events.listWaiting(9)).toEqual([]);
  expect(await open(service)).toHaveLength(1);
});
