import { expect, test } from "vitest";
import { agentCause } from "../../server-mock/domain/alerts/agent-cause.ts";
import { watchSilence } from "../../server-mock/domain/alerts/silence.ts";
import { addMachine, addUser } from "../support/people.ts";
import { startTestService, type TestServiceOptions } from "../support/test-service.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const idle = {
  agentVersion: "0.2.0",
  state: "idle",
  nextRunAt: "2026-11-21T21:30:00.000Z",
  pausedUntil: null,
  watchedFolders: 12,
  problems: [],
};
const onBattery = { ...idle, state: "waiting", because: "on-battery" };

async function start(options: TestServiceOptions = {}) {
  const service = await startTestService(options);
  const admin = await service.logIn("admin");
  const ann = await addUser(service, admin, "ann");
  const machine = await addMachine(service, ann);
  const say = (body: object, token = machine.token) => service.call("heartbeat", { token, body });
  const shown = async (token = admin) =>
    (await service.call("getMachine", { token, params: { machine: machine.id } })).json;
  return { service, admin, ann, machine, say, shown };
}

test("a heartbeat tells the service how the agent is, and the agent whether there is something for it", async () => {
  const { service, machine, say, shown, admin } = await start();
  expect((await shown()).agent).toBeNull();
  service.clock.advance(5 * MINUTE);
  const localCopy = { isPresent: false, lastUpdateAt: null, bytes: 7 };
  const { json } = await say({ ...onBattery, problems: ["quota/near"], localCopy });
  const { tag } = (await service.call("ownPolicy", { token: machine.token })).json;
  const now = new Date(service.clock.now()).toISOString();
  expect(json).toEqual({ policyTag: tag, orders: 0, now, nextHeartbeatSeconds: 300 });
  const { agentVersion: _, ...said } = onBattery;
  const { agent, lastSeenAt, clientVersion } = await shown();
  expect(agent).toEqual({ ...said, problems: ["quota/near"], localCopy, heardAt: now, since: now });
  expect([lastSeenAt, clientVersion]).toEqual([now, "0.2.0"]);
  await service.call("putPolicy", {
    token: admin,
    params: { kind: "desktop" },
    body: { settings: { warningDays: { value: 9 } } },
  });
  expect((await say(idle)).json.policyTag).not.toBe(tag);
});

test("since when an agent waits stays, however often it says so", async () => {
  const { service, say, shown } = await start();
  await say(onBattery);
  const since = new Date(service.clock.now()).toISOString();
  for (let times = 0; times < 3; times++) {
    service.clock.advance(5 * MINUTE);
    await say({ ...onBattery, watchedFolders: times });
  }
  const { agent } = await shown();
  expect([agent.since, agent.heardAt]).toEqual([since, new Date(service.clock.now()).toISOString()]);
  service.clock.advance(5 * MINUTE);
  await say({ ...onBattery, because: "metered" });
  expect((await shown()).agent.since).not.toBe(since);
});

test("a flood of heartbeats is not written down, and news that came too soon is asked for again", async () => {
  const { service, say, shown } = await start();
  await say(idle);
  const first = (await shown()).agent.heardAt;
  for (let times = 0; times < 20; times++) {
    service.clock.advance(2000);
    expect((await say(idle)).json.nextHeartbeatSeconds).toBe(300);
  }
  expect((await shown()).agent.heardAt).toBe(first);
  service.clock.advance(30_000);
  await say(idle);
  const { agent } = await shown();
  expect(agent.heardAt).not.toBe(first);
  expect((await say(onBattery)).json.nextHeartbeatSeconds).toBe(5);
  expect((await shown()).agent.state).toBe("idle");
  service.clock.advance(5000);
  await say(onBattery);
  expect((await shown()).agent.state).toBe("waiting");
});

test("heartbeats count against the rate of their machine, and of no other", async () => {
  const { service, ann, say } = await start({ config: { rateAgent: { count: 3, perMs: MINUTE } } });
  const other = await addMachine(service, ann);
  const codes: (string | undefined)[] = [];
  for (let times = 0; times < 5; times++) codes.push((await say(idle)).code);
  expect(codes).toEqual([undefined, undefined, undefined, "request/too-many", "request/too-many"]);
  expect((await say(idle, other.token)).status).toBe(200);
});

test("what is no state, no code or no time is refused, and nothing of it is kept", async () => {
  const { say, shown } = await start();
  for (const odd of [
    { run: "rm -rf /" },
    { state: "asleep" },
    { because: "it runs on battery" },
    { problems: ["<b>"] },
    { problems: Array.from({ length: 11 }, () => "quota/near") },
    { nextRunAt: "soon" },
    { pausedUntil: `2026-01-01T00:00:00.${"1".repeat(100_000)}Z` },
  ])
    expect((await say({ ...idle, ...odd })).code).toBe("request/malformed");
  expect((await shown()).agent).toBeNull();
});

test("a machine speaks for itself only, and only whoever may see it sees what it said", async () => {
  const { service, admin, ann, say, shown } = await start();
  await say(onBattery);
  const bob = await addUser(service, admin, "bob");
  await say({ ...idle, watchedFolders: 99 }, (await addMachine(service, bob)).token);
  expect((await shown()).agent).toMatchObject({ state: "waiting", watchedFolders: 12 });
  const logIn = async (who: { email: string; password: string }) =>
    (await service.call("login", { body: { email: who.email, password: who.password } })).json.token;
  expect((await shown(await logIn(ann))).agent.state).toBe("waiting");
  expect((await shown(await logIn(bob))).error.code).toBe("machine/missing");
  expect((await say(idle, admin)).code).toBe("token/wrong-audience");
});

test("what a purged machine said is gone with it", async () => {
  const { service, admin, machine, say } = await start();
  const { domain } = service.service;
  await say(onBattery);
  expect(await domain.records.agentStates.find(machine.id)).toBeDefined();
  const call = (name: "deleteMachine" | "purgeMachine", body?: object) =>
    service.call(name, { token: admin, params: { machine: machine.id }, body });
  await call("deleteMachine");
  expect((await call("purgeMachine", { confirm: "den" })).status).toBe(200);
  expect(await domain.records.agentStates.find(machine.id)).toBeUndefined();
});

test("a machine that waits on battery is not offline: its alert says what it waits for", async () => {
  const { service, say } = await start();
  const { domain } = service.service;
  const alert = async () => {
    await watchSilence(domain);
    return (await domain.records.alerts.listOpen("machine.overdue", { limit: 9 }))[0];
  };
  service.clock.advance(5 * DAY);
  expect((await alert())?.cause).toBe("offline");
  await say(onBattery);
  const told = await alert();
  expect(told?.cause).toBe("waiting");
  expect(told?.message).toContain("it runs on battery");
  service.clock.advance(MINUTE);
  await say({ ...idle, state: "paused", pausedUntil: "2026-11-30T08:00:00.000Z" });
  expect((await alert())?.message).toContain("until 2026-11-30 08:00 UTC");
  service.clock.advance(MINUTE);
  await say(idle);
  expect((await alert())?.cause).toBe("never");
});

test("what an agent said a day ago explains nothing today", () => {
  const row = { machine: "m", state: "waiting", because: "battery-low", since: 0, heardAt: DAY, said: "{}" } as const;
  expect(agentCause(row, DAY + 1)?.cause).toBe("waiting");
  expect(agentCause(row, 3 * DAY)).toBeUndefined();
});
