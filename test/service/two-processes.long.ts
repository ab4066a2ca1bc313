/** Two processes on one database and one folder, each with a clock of its own. */
import { expect, onTestFinished, test } from "vitest";
import { postgresDatabase } from "../support/postgres.ts";
import { beginUpload } from "../support/slow-upload.ts";
import { steeredClock } from "../support/steered-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { dataPack, registerMachine, TestMachine } from "../support/test-machine.ts";
import { callRoute, startOn, startTestService, type TestService } from "../support/test-service.ts";

async function twoProcesses() {
  const engines = { databaseUrl: await postgresDatabase() };
  const data = tempFolder();
  const one = await startTestService({ data, engines });
  const clock = steeredClock();
  const other = await startOn(data, clock, { engines });
  onTestFinished(() => other.close());
  const machine = await registerMachine(one);
  const call: TestService["call"] = (name, options) => callRoute(other.address, name, options);
  const registered = { machine: machine.id, token: machine.token };
  // The same machine, whose calls go to the other process.
  const there = new TestMachine({ ...one, call }, machine.vault, registered);
  return { one, other, clock, machine, there, records: one.service.domain.records };
}

test("a backup goes on through either process, call by call", async () => {
  const { one, machine, there } = await twoProcesses();
  const first = await machine.backUp();
  await machine.open();
  there.session = machine.session;
  const pack = dataPack(machine.vault.id);
  expect((await there.put(pack)).status).toBe(201);
  expect((await machine.put(pack)).json).toMatchObject({ known: true });
  expect((await there.end()).status).toBe(200);
  const second = await there.backUp();
  expect(second.answered).toMatchObject({ status: 200, json: { sequence: 2 } });
  expect((await machine.commit(first.record, {}, machine.session.session)).json.sequence).toBe(1);
  expect(await one.service.domain.records.quota.listReservations()).toEqual([]);
});

test("of one pack that reaches both at the same moment one upload is kept, and nothing is counted twice", async () => {
  const { machine, there, records } = await twoProcesses();
  await machine.open();
  there.session = machine.session;
  for (let round = 0; round < 5; round++) {
    const pack = dataPack(machine.vault.id, 20);
    const answers = await Promise.all([machine, there, machine, there].map((each) => each.put(pack)));
    for (const { status, code } of answers) expect([201, 200, "service/busy"]).toContain(code ?? status);
    expect((await there.put(pack)).json).toMatchObject({ known: true });
  }
  const staged = await records.packs.countStaged(1);
  expect(staged.packs).toBe(5);
  expect((await records.machines.find(machine.id))?.usedBytes).toBe(staged.bytes);
  expect(await records.quota.listReservations()).toEqual([]);
});

test("a process that was silent for long has its uploads cleared up by another, and confirms none of them when it comes back", async () => {
  const { one, other, clock, machine, there, records } = await twoProcesses();
  await machine.open();
  there.session = machine.session;
  const pack = dataPack(machine.vault.id, 50);
  const upload = beginUpload(one.address, machine, pack, 1000);
  await expect.poll(() => records.quota.listReservations()).toHaveLength(1);
  expect(await there.put(pack)).toMatchObject({ status: 503, code: "service/busy" });
  const cleared = () => {
    clock.advance(40_000);
    return other.domain.records.quota.listReservations();
  };
  await expect.poll(cleared, { interval: 300 }).toEqual([]);
  expect((await there.put(pack)).status).toBe(201);
  upload.sendRest();
  await expect.poll(() => upload.answer()).toMatch(/^HTTP\/1.1 503 [\s\S]*service\/busy/);
  // What the other has confirmed meanwhile is untouched.
  expect((await there.put(pack)).json).toMatchObject({ known: true });
  const name = `packs/${machine.vault.id.toString("hex")}/${pack.id.slice(0, 2)}/${pack.id}`;
  expect(await other.domain.blobs.get(name)).toEqual(Buffer.from(pack.bytes));
  expect((await records.machines.find(machine.id))?.usedBytes).toBe(pack.bytes.length);
});

test("machines that race through both processes never exceed a limit", async () => {
  const { machine, there, records } = await twoProcesses();
  await machine.open();
  there.session = machine.session;
  const packs = Array.from({ length: 12 }, () => dataPack(machine.vault.id, 10));
  const size = packs[0]?.bytes.length ?? 0;
  await records.machines.change(machine.id, { limitBytes: 5 * size + 10 });
  const answers = await Promise.all(packs.map((pack, index) => (index % 2 === 0 ? machine : there).put(pack)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
  for (const { status, code } of answers) if (status !== 201) expect(code).toBe("quota/exceeded");
  expect((await records.machines.find(machine.id))?.usedBytes).toBe(5 * size);
  expect(await records.quota.listReservations()).toEqual([]);
});

test("a process with other keys refuses to start", async () => {
  const { one } = await twoProcesses();
  const engines = { databaseUrl: await postgresDatabase() };
  await startOn(one.data, steeredClock(), { engines }).then((service) => service.close());
  const elsewhere = startOn(tempFolder(), steeredClock(), { engines });
  await expect(elsewhere).rejects.toMatchObject({ code: "config/invalid" });
});
