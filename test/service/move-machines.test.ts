import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { expect, test } from "vitest";
import { addGroup, addMachine, addUser } from "../support/people.ts";
import type { TestMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const HEADER = ["Machine Name", "Machine Hash", "Current Owner", "New Owner"];

async function start() {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const call = (name: Parameters<TestService["call"]>[0], options: object = {}) =>
    service.call(name, { token, ...options });
  const [ann, bob] = [await addUser(service, token, "ann"), await addUser(service, token, "bob")];
  const levels = async ({ id }: TestMachine) => {
    const found = await service.service.domain.records.quota.levels(id, { separatePools: false });
    return Object.fromEntries(found.map(({ level, usedBytes }) => [level, usedBytes]));
  };
  const move = (machine: TestMachine, user: string) =>
    call("moveMachine", { params: { machine: machine.id }, body: { user } });
  const moveAll = (rows: string[][], dryRun = false) =>
    call("moveMachines", { query: { dryRun: String(dryRun) }, body: Buffer.from(stringify([HEADER, ...rows])) });
  const row = ({ id }: TestMachine, to: string, from = "ann@example.com") => ["den", id, from, to];
  return { service, token, call, ann, bob, levels, move, moveAll, row };
}

test("a machine moves with its room, device and key, and goes on where it was", async () => {
  const { service, call, ann, bob, levels, move } = await start();
  const machine = await addMachine(service, ann);
  await machine.backUp();
  const used = (await levels(machine)).machine ?? 0;
  await machine.open();
  const moved = await move(machine, bob.id);
  expect(moved.json.user.email).toBe(bob.email);
  expect(await levels(machine)).toEqual({ machine: used, user: used, group: used, organization: used });
  const people = await Promise.all([ann, bob].map(({ id }) => call("getUser", { params: { user: id } })));
  expect(people.map(({ json }) => [json.usedBytes, json.machines])).toEqual([
    [0, 0],
    [used, 1],
  ]);
  const known = await machine.backUp();
  expect([known.answered.status, machine.session.sequence]).toEqual([200, 2]);
  const tokenOf = async ({ email, password }: typeof ann) =>
    (await service.call("login", { body: { email, password } })).json.token;
  const restoreBy = async (who: typeof ann) => machine.restore(await tokenOf(who));
  expect([(await restoreBy(ann)).code, (await restoreBy(bob)).status]).toEqual(["machine/missing", 200]);
});

test("a restore that the former owner has open ends", async () => {
  const { service, ann, bob, move } = await start();
  const machine = await addMachine(service, ann);
  await machine.backUp();
  const { token } = (await service.call("login", { body: { email: ann.email, password: ann.password } })).json;
  const restore = (await machine.restore(token)).json.token;
  expect((await service.call("listSnapshots", { token: restore })).status).toBe(200);
  await move(machine, bob.id);
  expect((await service.call("listSnapshots", { token: restore })).code).toBe("token/invalid");
});

test("everything at the new owner is looked at before: devices, type, room, the machine's own limit, state", async () => {
  const { service, token, call, ann, bob, move } = await start();
  const machine = await addMachine(service, ann);
  await machine.backUp();
  const change = (body: object) => call("changeUser", { params: { user: bob.id }, body });
  await change({ desktopDevices: 0 });
  expect((await move(machine, bob.id)).code).toBe("device/limit");
  await change({ desktopDevices: 1, limitBytes: 100 });
  const full = await move(machine, bob.id);
  expect([full.code, full.json.error.data.level]).toEqual(["quota/exceeded", "user"]);
  await change({ limitBytes: 100_000 });
  await call("changeMachine", { params: { machine: machine.id }, body: { limitBytes: 200_000 } });
  expect((await move(machine, bob.id)).code).toBe("limit/out-of-range");
  await change({ limitBytes: null, state: "suspended" });
  expect((await move(machine, bob.id)).code).toBe("account/suspended");
  const server = await addUser(service, token, "srv", { kind: "server", desktopDevices: 0 });
  expect((await move(machine, server.id)).code).toBe("machine/wrong-type");
  expect((await move(machine, "00000000-0000-4000-8000-000000000000")).code).toBe("user/missing");
  await change({ state: "active" });
  expect((await move(machine, bob.id)).status).toBe(200);
});

test("use moves between groups, and an Assigned group's room is its own", async () => {
  const { service, token, call, ann, levels, move } = await start();
  const machine = await addMachine(service, ann);
  await machine.backUp();
  const used = (await levels(machine)).machine ?? 0;
  const small = await addGroup(service, token, "Small", {
    pools: [{ kind: "all", mode: "assigned", limitBytes: used - 1 }],
  });
  const large = await addGroup(service, token, "Large", {
    pools: [{ kind: "all", mode: "limited", limitBytes: used }],
  });
  const carl = await addUser(service, token, "carl", { group: small });
  const dora = await addUser(service, token, "dora", { group: large });
  const refused = await move(machine, carl.id);
  expect([refused.code, refused.json.error.data.level]).toEqual(["quota/exceeded", "group"]);
  expect((await move(machine, dora.id)).json.group.id).toBe(large);
  const poolUse = async (group: string) =>
    (await call("getGroup", { params: { group } })).json.pools.find(({ kind }: { kind: string }) => kind === "all")
      .usedBytes;
  expect([await poolUse(large), await poolUse(small)]).toEqual([used, 0]);
  expect(await levels(machine)).toEqual({ machine: used, user: used, group: used, organization: used });
});

test("a machine on legal hold stays where the hold reaches it", async () => {
  const { service, ann, bob, move } = await start();
  const machine = await addMachine(service, ann);
  const { domain } = service.service;
  const hold = { organization: "", level: "user", holder: ann.id, reason: "a case", madeBy: "x", madeAt: 1 } as const;
  await domain.records.holds.insert({ ...hold, id: domain.newId() });
  expect((await move(machine, bob.id)).code).toBe("hold/on");
});

test("a file moves machines, skips blank ones, and says of each row what is wrong with it", async () => {
  const { service, call, ann, bob, moveAll, row } = await start();
  const machines = [];
  for (let count = 0; count < 4; count++) machines.push(await addMachine(service, ann));
  const [first, second, third, fourth] = machines as [TestMachine, TestMachine, TestMachine, TestMachine];
  const rows = [
    row(first, "BOB@example.com"),
    row(second, ""),
    row(third, "nobody@example.com"),
    row(fourth, bob.email, "carl@example.com"),
    ["ghost", "0".repeat(32), "", bob.email],
    ["nameless", "", "", bob.email],
    row(first, bob.email),
    row(second, ann.email),
  ];
  const dry = await moveAll(rows, true);
  expect(dry.json).toMatchObject({ dryRun: true, read: 8, moved: 1, skipped: 2 });
  const owner = async ({ id }: TestMachine) => (await call("getMachine", { params: { machine: id } })).json.user.email;
  expect(await owner(first)).toBe(ann.email);
  const { json } = await moveAll(rows);
  expect({ ...json, dryRun: true }).toEqual(dry.json);
  expect(json.errors.map(({ row, code }: { row: number; code: string }) => [row, code])).toEqual([
    [4, "user/missing"],
    [5, "machine/other-owner"],
    [6, "machine/missing"],
    [7, "csv/malformed"],
    [8, "csv/malformed"],
  ]);
  expect([await owner(first), await owner(second), await owner(fourth)]).toEqual([bob.email, ann.email, ann.email]);
});

test("a dry run counts what earlier rows would take, and the real run finds the same", async () => {
  const { service, call, ann, bob, moveAll, row, levels } = await start();
  const machines: TestMachine[] = [];
  for (let count = 0; count < 4; count++) {
    const machine = await addMachine(service, ann);
    await machine.backUp();
    machines.push(machine);
  }
  const used = (await levels(machines[0] as TestMachine)).machine ?? 0;
  await call("changeUser", { params: { user: bob.id }, body: { limitBytes: used * 2 + 10, desktopDevices: 3 } });
  const rows = machines.map((machine) => row(machine, bob.email));
  const dry = (await moveAll(rows, true)).json;
  const codes = (result: { errors: { row: number; code: string }[] }) =>
    result.errors.map(({ row, code }) => [row, code]);
  expect([dry.moved, codes(dry)]).toEqual([
    2,
    [
      [4, "quota/exceeded"],
      [5, "quota/exceeded"],
    ],
  ]);
  const real = (await moveAll(rows)).json;
  expect([real.moved, codes(real)]).toEqual([2, codes(dry)]);
  expect((await levels(machines[0] as TestMachine)).user).toBe(used * 2);
});

test("the mapping file is what is sent back with the last column filled in", async () => {
  const { service, call, ann, bob, moveAll } = await start();
  const machine = await addMachine(service, ann, { name: "=cmd()" });
  const file = await call("exportMachineMoves");
  const [header, ...rows] = parse(file.bytes.toString(), { bom: true }) as string[][];
  expect([header, rows]).toEqual([HEADER, [["'=cmd()", machine.id, ann.email, ""]]]);
  const filled = rows.map(([name = "", id = "", from = ""]) => [name, id, from, bob.email]);
  expect((await moveAll(filled)).json).toMatchObject({ moved: 1, errors: [] });
});

test("a file that is none is refused as a whole", async () => {
  const { service, call } = await start();
  const send = (body: Buffer) => call("moveMachines", { body });
  expect((await send(Buffer.from("a,b\n1,2\n"))).code).toBe("csv/malformed");
  expect((await send(Buffer.from([0xff, 0x41, 0x42]))).code).toBe("csv/malformed");
  const many = stringify([HEADER, ...Array.from({ length: 10_001 }, () => ["a", "b", "c", ""])]);
  expect((await send(Buffer.from(many))).json.error.data.reason).toBe("it has 10001 rows, more than 10000");
  const user = await service.logIn();
  expect((await call("moveMachines", { token: user, body: Buffer.from("a") })).code).toBe("role/not-allowed");
});
