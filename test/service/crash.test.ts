import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { packName, recordName } from "../../server-mock/blobs/blobs.ts";
import { blob } from "../conformance/blobs.ts";
import { beginUpload } from "../support/slow-upload.ts";
import { isEmbedded } from "../support/test-engines.ts";
import { dataPack, registerMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

test("what a crash left between file and row is removed at the next start, what was acknowledged stays", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { data, hash } = await machine.backUp();
  await machine.open();
  const { records, blobs } = service.service.domain;
  const row = await records.machines.find(machine.id);
  const { organization = "", userGroup = "", account = "" } = row ?? {};
  const vault = machine.vault.id.toString("hex");
  const orphan = dataPack(machine.vault.id);
  // A pack whose file is there and whose row is not; one that has both; a record whose transaction never came.
  await blobs.put(blob(packName(vault, orphan.id), orphan.bytes));
  for (const [id, pack] of [
    ["r1", orphan],
    ["r2", data],
  ] as const)
    await records.quota.reserve({
      id,
      organization,
      userGroup,
      account,
      machine: machine.id,
      kind: "desktop",
      bytes: 10,
      blob: packName(vault, pack.id),
    });
  const record = randomBytes(100);
  const lost = recordName(vault, 2, "0".repeat(64));
  await blobs.put(blob(lost, record));
  await records.sessions.change(machine.session.session, { intent: lost });

  await service.restart();
  const after = service.service.domain;
  // Where processes share a database, one of them clears up when the dead one's time has come.
  const promises = async () => {
    if (!isEmbedded()) service.clock.advance(30_000);
    return await after.records.quota.listReservations();
  };
  await expect.poll(promises, { interval: 300 }).toEqual([]);
  await expect.poll(() => after.records.sessions.listIntents()).toEqual([]);
  expect(await after.blobs.find(packName(vault, orphan.id))).toBeUndefined();
  expect(await after.blobs.find(packName(vault, data.id))).toBeDefined();
  expect(await after.blobs.find(lost)).toBeUndefined();
  expect(await after.blobs.find(recordName(vault, 1, hash))).toBeDefined();
  expect((await machine.put(orphan)).status).toBe(201);
});

test("a commit whose record file was already written before the crash succeeds when it is repeated", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const data = dataPack(machine.vault.id);
  await machine.put(data);
  const record = machine.record(data.chunks[0] as Buffer);
  const name = recordName(machine.vault.id.toString("hex"), 1, sha256(record).toString("hex"));
  await service.service.domain.blobs.put(blob(name, record));
  await service.service.domain.records.sessions.change(machine.session.session, { intent: name });
  await service.restart();
  expect((await machine.commit(record)).status).toBe(200);
  expect(await service.service.domain.blobs.find(name)).toBeDefined();
});

test("an open session goes on over a restart, with all that was acknowledged", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const first = dataPack(machine.vault.id);
  await machine.put(first);
  await service.restart();
  expect((await machine.put(first)).json.known).toBe(true);
  expect((await machine.commit(machine.record(first.chunks[0] as Buffer))).status).toBe(200);
});

test("an upload whose connection breaks leaves no file and no promise", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const pack = dataPack(machine.vault.id, 50);
  const upload = beginUpload(service.address, machine, pack, 5000);
  const { quota } = service.service.domain.records;
  await expect.poll(() => quota.listReservations()).toHaveLength(1);
  upload.breakOff();
  await expect.poll(() => quota.listReservations()).toEqual([]);
  if (isEmbedded()) expect(await readdir(join(service.data, "storage", "incoming"))).toEqual([]);
  expect((await machine.put(pack)).status).toBe(201);
});

test("two sessions racing to commit leave one snapshot and one chain", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const data = dataPack(machine.vault.id);
  await machine.put(data);
  const root = data.chunks[0] as Buffer;
  const records = Array.from({ length: 4 }, (_, index) => machine.record(root, { claimedAt: index }));
  const answers = await Promise.all([...records.map((record) => machine.commit(record)), machine.open()]);
  const committed = answers.slice(0, 4).filter(({ status }) => status === 200);
  expect(committed.length).toBeLessThanOrEqual(1);
  const { items } = (await service.call("listSnapshots", { token: machine.token })).json;
  expect(items).toHaveLength(committed.length);
  const names: string[] = [];
  for await (const name of service.service.domain.blobs.list("records")) names.push(name);
  expect(names).toHaveLength(committed.length);
});
