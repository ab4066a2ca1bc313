import { expect, test } from "vitest";
import { purgeExpired } from "../../server-mock/domain/machines/purge-machines.ts";
import { addMachine, addUser } from "../support/people.ts";
import { dataPack, machineFacts, makeVault, registerMachine, vaultPublic } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const DAY_MS = 24 * 3600 * 1000;

async function start() {
  const service = await startTestService();
  let token = await service.logIn("admin");
  const call = (name: Parameters<TestService["call"]>[0], options: object = {}) =>
    service.call(name, { token, ...options });
  const user = await addUser(service, token, "ann");
  const levels = async (id: string) => {
    const found = await service.service.domain.records.quota.levels(id, { separatePools: false });
    return Object.fromEntries(found.map(({ level, usedBytes }) => [level, usedBytes]));
  };
  return {
    service,
    user,
    call,
    levels,
    token: () => token,
    async later(ms: number) {
      service.clock.advance(ms);
      token = await service.logIn("admin");
    },
  };
}

async function hold({ service: { domain } }: TestService, holder: string): Promise<void> {
  const row = { organization: "", level: "machine", reason: "a case", madeBy: "x", madeAt: 1 } as const;
  await domain.records.holds.insert({ ...row, holder, id: domain.newId() });
}

test("a machine's panel shows what it is, what it uses and what its limit may be", async () => {
  const { call, service } = await start();
  const machine = await registerMachine(service);
  await machine.backUp();
  const { json, headers } = await call("getMachine", { params: { machine: machine.id } });
  expect(json).toMatchObject({
    id: machine.id,
    name: "den",
    kind: "desktop",
    state: "active",
    user: { email: service.first.user.email },
    encryption: "default",
    algorithm: "AES-256-GCM",
    clientVersion: "0.1.0",
    key: { lastGroup: service.first.productKeys.desktop.slice(-5), kind: "desktop" },
    limitRange: { minimum: json.quota.usedBytes, maximum: null },
    externalId: null,
    deletedAt: null,
    undeletableUntil: null,
    policy: { takenTag: null },
  });
  expect(json.quota.usedBytes).toBeGreaterThan(0);
  expect(json.lastUpdateAt).not.toBeNull();
  expect(headers.get("etag")).toBe(`"${json.version}"`);
  await service.service.domain.records.machines.change(machine.id, { agentVersion: "" });
  expect((await call("getMachine", { params: { machine: machine.id } })).json.clientVersion).toBe("unknown");
});

test("a storage limit obeys what is used and what the user may have, and names both", async () => {
  const { call, service, user } = await start();
  const machine = await addMachine(service, user);
  await machine.backUp();
  await call("changeUser", { params: { user: user.id }, body: { limitBytes: 1_000_000 } });
  const params = { machine: machine.id };
  const { usedBytes } = (await call("getMachine", { params })).json.quota;
  const set = (limitBytes: number | null) => call("changeMachine", { params, body: { limitBytes } });
  for (const limit of [usedBytes - 1, 1_000_001]) {
    const refused = await set(limit);
    expect([refused.code, refused.json.error.data]).toEqual([
      "limit/out-of-range",
      { minimum: usedBytes, maximum: 1_000_000, above: "user", field: "limitBytes" },
    ]);
  }
  for (const limit of [0, -1, 1.5]) expect((await set(limit)).code).toBe("request/malformed");
  expect((await set(500_000)).json).toMatchObject({ limitBytes: 500_000, quota: { limitBytes: 500_000 } });
  expect((await set(null)).json).toMatchObject({ limitBytes: null, quota: { limitBytes: 1_000_000 } });
});

test("two admins who edit a machine don't overwrite each other", async () => {
  const { call, service, user } = await start();
  const machine = await addMachine(service, user);
  const params = { machine: machine.id };
  const headers = { "if-match": (await call("getMachine", { params })).headers.get("etag") ?? "" };
  expect((await call("changeMachine", { params, headers, body: { externalId: "A-1" } })).json.externalId).toBe("A-1");
  expect((await call("changeMachine", { params, headers, body: { externalId: "B-2" } })).code).toBe("edit/conflict");
  expect((await call("deleteMachine", { params, headers })).code).toBe("edit/conflict");
});

test("a suspended machine backs nothing up until it is resumed", async () => {
  const { call, service, user } = await start();
  const machine = await addMachine(service, user);
  const params = { machine: machine.id };
  expect((await call("changeMachine", { params, body: { state: "suspended" } })).json.state).toBe("suspended");
  expect((await machine.open()).code).toBe("machine/suspended");
  await call("changeMachine", { params, body: { state: "active" } });
  expect((await machine.open()).status).toBe(200);
});

test("a deleted machine gives its device and its room back at once, and its agent is told", async () => {
  const { call, service, user, levels } = await start();
  const machine = await addMachine(service, user);
  const other = await addMachine(service, user);
  await machine.backUp();
  await other.backUp();
  const before = await levels(other.id);
  expect((await call("deleteMachine", { params: { machine: machine.id } })).json.undeletableUntil).not.toBeNull();
  expect((await machine.open()).code).toBe("machine/deleted");
  const after = await levels(other.id);
  for (const level of ["user", "group", "organization"] as const)
    expect(after[level]).toBe((before[level] ?? 0) - (before.machine ?? 0));
  const found = await call("getUser", { params: { user: user.id } });
  expect(found.json).toMatchObject({ machines: 1, devices: { desktop: { used: 1, limit: 5 } } });
  expect((await call("deleteMachine", { params: { machine: machine.id } })).status).toBe(200);
  expect(await levels(other.id)).toEqual(after);
});

test("what an upload brings while its machine is deleted counts for nobody else", async () => {
  const { call, service, user, levels } = await start();
  const [machine, other] = [await addMachine(service, user), await addMachine(service, user)];
  await machine.open();
  const { domain } = service.service;
  const found = await domain.records.machines.find(machine.id);
  await call("deleteMachine", { params: { machine: machine.id } });
  await domain.records.quota.charge(machine.id, 777);
  expect(found?.usedBytes).toBe(0);
  expect(await levels(other.id)).toEqual({ machine: 0, user: 0, group: 0, organization: 0 });
  expect((await domain.records.machines.findEvenDeleted(machine.id))?.usedBytes).toBe(777);
  await call("undeleteMachine", { params: { machine: machine.id } });
  expect(await levels(other.id)).toEqual({ machine: 0, user: 777, group: 777, organization: 777 });
});

test("within its window a deleted machine comes back with its history, and goes on", async () => {
  const { call, service, user, levels, later } = await start();
  const machine = await addMachine(service, user);
  await machine.backUp();
  const before = await levels(machine.id);
  const params = { machine: machine.id };
  await call("deleteMachine", { params });
  await later(14 * DAY_MS - 1000);
  const back = await call("undeleteMachine", { params });
  expect([back.status, back.json.deletedAt]).toEqual([200, null]);
  expect(await levels(machine.id)).toEqual(before);
  await machine.open();
  expect(machine.session.sequence).toBe(2);
  expect((await call("undeleteMachine", { params })).code).toBe("machine/not-deleted");
});

test("when its window is over it does not come back, even if a legal hold keeps what it was", async () => {
  const { call, service, user, later } = await start();
  const machine = await addMachine(service, user);
  await hold(service, machine.id);
  await call("deleteMachine", { params: { machine: machine.id } });
  await later(14 * DAY_MS);
  const refused = await call("undeleteMachine", { params: { machine: machine.id } });
  expect([refused.code, refused.json.error.data.days]).toEqual(["machine/undelete-too-late", 14]);
});

test("it comes back only if there are a device and room for it", async () => {
  const { call, service, user } = await start();
  const machine = await addMachine(service, user);
  await machine.backUp();
  const params = { machine: machine.id };
  await call("deleteMachine", { params });
  await call("changeUser", { params: { user: user.id }, body: { limitBytes: 100 } });
  const refused = await call("undeleteMachine", { params });
  expect([refused.code, refused.json.error.data.level]).toEqual(["quota/exceeded", "user"]);
  await call("changeUser", { params: { user: user.id }, body: { limitBytes: null, desktopDevices: 0 } });
  expect((await call("undeleteMachine", { params })).code).toBe("device/limit");
});

test("the same computer is not registered anew while its deleted machine can be brought back", async () => {
  const { call, service, user, later } = await start();
  const facts = { fingerprint: "cd".repeat(32) };
  const machine = await addMachine(service, user, facts);
  await call("deleteMachine", { params: { machine: machine.id } });
  const login = { email: user.email, password: user.password };
  const body = { login, machine: machineFacts(facts), vault: await vaultPublic(service, makeVault()) };
  const refused = await service.call("register", { body });
  expect([refused.code, refused.json.error.data.machine]).toEqual(["machine/was-deleted", machine.id]);
  await later(14 * DAY_MS);
  expect((await service.call("register", { body })).status).toBe(200);
});

test("a purge needs a deleted machine and its name, and leaves only records", async () => {
  const { call, service, later } = await start();
  const machine = await registerMachine(service);
  await machine.backUp();
  const params = { machine: machine.id };
  const purge = (confirm: string) => call("purgeMachine", { params, body: { confirm } });
  expect((await purge("den")).code).toBe("machine/not-deleted");
  await call("deleteMachine", { params });
  expect([(await purge("Den")).code, (await purge("")).code]).toEqual(["confirmation/wrong", "confirmation/wrong"]);
  expect((await purge("den")).status).toBe(200);
  expect((await call("getMachine", { params })).code).toBe("machine/missing");
  expect((await machine.open()).code).toBe("token/invalid");
  const { records } = service.service.domain;
  expect(await records.machines.findEvenDeleted(machine.id)).toMatchObject({ usedBytes: 0 });
  expect((await records.backups.list(machine.id, { limit: 5 })).length).toBe(1);
  const [key] = (await call("listProductKeys", { query: { kind: "desktop" } })).json.items;
  expect(key.state).toBe("assigned");
  await registerMachine(service);
  await later(0);
});

test("a purge asks for the password again", async () => {
  const { call, service } = await start();
  const machine = await registerMachine(service);
  await call("deleteMachine", { params: { machine: machine.id } });
  service.clock.advance(6 * 60_000);
  const purged = await call("purgeMachine", { params: { machine: machine.id }, body: { confirm: "den" } });
  expect(purged.code).toBe("login/prove-again");
});

test("when the window is over a deleted machine is purged by itself, on legal hold it is not", async () => {
  const { call, service, user, later } = await start();
  const machines = [await addMachine(service, user), await addMachine(service, user)];
  const [held, plain] = machines.map(({ id }) => id);
  for (const { id } of machines) await call("deleteMachine", { params: { machine: id } });
  const { domain } = service.service;
  await hold(service, held ?? "");
  await purgeExpired(domain);
  const purgedAt = async (id = "") => (await domain.records.machines.findEvenDeleted(id))?.purgedAt;
  expect([await purgedAt(held), await purgedAt(plain)]).toEqual([null, null]);
  await later(14 * DAY_MS);
  await purgeExpired(domain);
  await purgeExpired(domain);
  expect([await purgedAt(held), typeof (await purgedAt(plain))]).toEqual([null, "number"]);
  await later(0);
  const refused = await call("purgeMachine", { params: { machine: held }, body: { confirm: "den" } });
  expect(refused.code).toBe("hold/on");
});

test("a copied machine is refused and reported, the first one goes on", async () => {
  const { call, service, user } = await start();
  const machine = await addMachine(service, user, { fingerprint: "ab".repeat(32) });
  const open = (fingerprint?: string) => {
    const body = { type: "Manual", idempotencyKey: crypto.randomUUID(), agentVersion: "0.1.0", fingerprint };
    return service.call("openSession", { token: machine.token, body });
  };
  expect((await open("ab".repeat(32))).status).toBe(200);
  expect((await open("cd".repeat(32))).code).toBe("machine/cloned");
  service.clock.advance(3_600_000);
  expect((await open("cd".repeat(32))).code).toBe("machine/cloned");
  expect([(await open()).status, (await open("ab".repeat(32))).status]).toEqual([200, 200]);
  const { items } = (await call("listAlerts", { query: { kind: "machine.cloned" } })).json;
  expect(items).toMatchObject([{ machine: machine.id, state: "open", repeats: 1 }]);
});

test("uploads that were open when a machine is deleted are cut off", async () => {
  const { call, service, user } = await start();
  const machine = await addMachine(service, user);
  await machine.open();
  await call("deleteMachine", { params: { machine: machine.id } });
  await call("undeleteMachine", { params: { machine: machine.id } });
  expect((await machine.put(dataPack(machine.vault.id))).code).toBe("session/expired");
});

test("every act on a machine is in the audit", async () => {
  const { call, service, user } = await start();
  const machine = await addMachine(service, user);
  const params = { machine: machine.id };
  await call("changeMachine", { params, body: { externalId: "A-1" } });
  await call("deleteMachine", { params });
  await call("undeleteMachine", { params });
  await call("deleteMachine", { params });
  await call("purgeMachine", { params, body: { confirm: "den" } });
  const rows = await service.service.domain.records.audit.list({ limit: 20 }, {});
  const acts = rows.filter(({ subject }) => subject === "den").map(({ action, actor }) => [action, actor]);
  const by = service.first.admin.email;
  expect(acts.toReversed()).toEqual([
    ["machines/register", user.email],
    ["machines/change", by],
    ["machines/delete", by],
    ["machines/undelete", by],
    ["machines/delete", by],
    ["machines/purge", by],
  ]);
});
