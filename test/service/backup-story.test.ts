import { randomBytes, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { isReceiptSigned } from "../../protocol/receipt.ts";
import { isEmbedded } from "../support/test-engines.ts";
import { dataPack, makePack, pagesPack, registerMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

test("a machine registers, backs up, and its user reads everything back", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { data, pages, record, hash, answered } = await machine.backUp();
  expect(answered.status).toBe(200);
  expect(answered.json).toMatchObject({ sequence: 1, machine: machine.id });
  const { receiptKey } = (await service.call("service")).json;
  expect(isReceiptSigned(Buffer.from(answered.json.receipt, "base64"), Buffer.from(receiptKey, "base64"))).toBe(true);

  const restore = await machine.restore(await service.logIn());
  expect(restore.status).toBe(200);
  expect(restore.json.wrap).toEqual({ kind: "released", secret: machine.vault.secret.toString("base64") });
  const { token } = restore.json;
  const snapshots = await service.call("listSnapshots", { token });
  expect(snapshots.json.items).toMatchObject([{ sequence: 1, record: hash, incomplete: false, files: 3, bytes: 300 }]);
  const shown = await service.call("getSnapshot", { token, params: { sequence: 1 } });
  expect(shown.bytes).toEqual(record);

  const absent = randomBytes(32);
  const ids = [...data.chunks, absent, ...pages.chunks].map((id) => id.toString("hex"));
  const located = await service.call("locate", { token, body: { ids } });
  expect(located.json.packs.map((pack: { id: string }) => pack.id).toSorted()).toEqual([data.id, pages.id].toSorted());
  const [index, offset, length] = located.json.chunks[1];
  expect(located.json.chunks[2]).toBeNull();
  const pack = located.json.packs[index].id;
  const range = { range: `bytes=${offset}-${offset + length - 1}` };
  const part = await service.call("getPack", { token, params: { pack }, headers: range });
  expect(part.status).toBe(206);
  expect(part.bytes).toEqual(data.bytes.subarray(offset, offset + length));
  const whole = await service.call("getPack", { token, params: { pack } });
  expect(whole.status).toBe(200);
  expect(whole.bytes).toEqual(data.bytes);
  const beyond = await service.call("getPack", { token, params: { pack }, headers: { range: "bytes=999999-" } });
  expect([beyond.status, beyond.code]).toEqual([416, "range/invalid"]);
});

test.runIf(isEmbedded())("the storage folder holds exactly the packs and records that were acknowledged", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { data, record, hash } = await machine.backUp();
  const vault = machine.vault.id.toString("hex");
  const storage = join(service.data, "storage");
  const packs = join(storage, "packs", vault, data.id.slice(0, 2), data.id);
  expect(await readFile(packs)).toEqual(data.bytes);
  expect(await readdir(join(storage, "records", vault))).toEqual([`0000000000000001-${hash}`]);
  expect(await readFile(join(storage, "records", vault, `0000000000000001-${hash}`))).toEqual(record);
  expect(await readdir(join(storage, "incoming"))).toEqual([]);
});

test("the same record again gives the same receipt, also after the session has ended and the service restarted", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { record, answered } = await machine.backUp();
  expect((await machine.commit(record)).json).toEqual(answered.json);
  await service.restart();
  expect((await machine.commit(record)).json).toEqual(answered.json);
});

test("a second snapshot continues the chain, and refers to chunks of the first", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const first = await machine.backUp();
  await machine.open();
  expect(machine.session).toMatchObject({ sequence: 2, previous: first.hash, staged: { packs: 0, bytes: 0 } });
  const pages = pagesPack(machine.vault.id, first.data.chunks);
  await machine.put(pages);
  const answered = await machine.commit(machine.record(pages.chunks[0] as Buffer));
  expect(answered.json.sequence).toBe(2);
});

test("a commit whose pages refer to absent chunks names them, and succeeds when they have come", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const here = dataPack(machine.vault.id);
  const late = dataPack(machine.vault.id);
  const pages = pagesPack(machine.vault.id, [...here.chunks, ...late.chunks]);
  await machine.put(here);
  await machine.put(pages);
  const record = machine.record(pages.chunks[0] as Buffer);
  const refused = await machine.commit(record);
  expect([refused.status, refused.code]).toEqual([409, "chunk/missing"]);
  expect(refused.json.error.data.count).toBe(2);
  expect(refused.json.error.data.missing.toSorted()).toEqual(late.chunks.map((id) => id.toString("hex")).toSorted());
  await machine.put(late);
  expect((await machine.commit(record)).status).toBe(200);
});

test("staged pages that refer to absent chunks, and those above them, go when the agent says so, and nothing else does", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const here = dataPack(machine.vault.id);
  const late = dataPack(machine.vault.id);
  const unmet = pagesPack(machine.vault.id, late.chunks);
  const above = pagesPack(machine.vault.id, unmet.chunks);
  const pages = pagesPack(machine.vault.id, here.chunks);
  for (const pack of [here, unmet, above, pages]) await machine.put(pack);
  const record = machine.record(pages.chunks[0] as Buffer);
  expect((await machine.commit(record)).code).toBe("chunk/missing");
  expect((await machine.commit(record, { dropUnmet: true })).code).toBe("chunk/missing");
  expect((await machine.commit(record)).status).toBe(200);
  const ids = [...unmet.chunks, ...above.chunks, ...pages.chunks];
  const missing = await service.service.domain.records.chunks.listMissing(1, ids);
  expect(missing.length).toBe(unmet.chunks.length + above.chunks.length);
});

test("a root that is not here is missing", async () => {
  const machine = await registerMachine(await startTestService());
  await machine.open();
  const refused = await machine.commit(machine.record(randomBytes(32)));
  expect([refused.code, refused.json.error.data.count]).toEqual(["chunk/missing", 1]);
});

test("a record that does not continue the chain is refused", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { pages } = await machine.backUp();
  const root = pages.chunks[0] as Buffer;
  await machine.open();
  const cases = [
    [machine.record(root, { sequence: 1 }), "snapshot/conflict"],
    [machine.record(root, { sequence: 3 }), "snapshot/conflict"],
    [machine.record(root, { previous: randomBytes(32) }), "snapshot/conflict"],
    [machine.record(root, { vault: randomBytes(16) }), "snapshot/malformed"],
    [machine.record(root, { machine: randomBytes(16) }), "snapshot/malformed"],
    [machine.record(root, { epoch: 2 }), "snapshot/malformed"],
    [machine.record(root, { signer: randomBytes(32) }), "snapshot/malformed"],
    [machine.record(root, { signerProof: randomBytes(32) }), "snapshot/malformed"],
    [flipped(machine.record(root), -1), "snapshot/malformed"],
    [machine.record(root).subarray(1), "format/malformed"],
  ] as const;
  for (const [record, code] of cases) expect((await machine.commit(record)).code).toBe(code);
  const { json } = await service.call("ownMachine", { token: machine.token });
  expect(json.vault.sequence).toBe(1);
  const records: string[] = [];
  for await (const name of service.service.domain.blobs.list("records")) records.push(name);
  expect(records).toHaveLength(1);
});

test("a newer session fences the older one, and takes over what it had sent", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const older = machine.session;
  const data = dataPack(machine.vault.id);
  await machine.put(data);
  await machine.open();
  expect(machine.session.fence).toBe(older.fence + 1);
  expect(machine.session.staged).toEqual({ packs: 1, bytes: data.bytes.length });

  const late = dataPack(machine.vault.id);
  expect((await machine.put(late, { session: older.session })).code).toBe("session/expired");
  const record = machine.record(data.chunks[0] as Buffer);
  expect((await machine.commit(record, { fence: older.fence }, older.session)).code).toBe("session/expired");
  expect((await machine.commit(record, { fence: older.fence })).code).toBe("session/expired");
  expect((await machine.commit(record)).status).toBe(200);
});

test("the same idempotency key opens the same session, as long as it is open", async () => {
  const machine = await registerMachine(await startTestService());
  const key = randomUUID();
  const first = await machine.open(key);
  expect((await machine.open(key)).json.session).toBe(first.json.session);
  await machine.end();
  expect((await machine.open(key)).code).toBe("session/expired");
});

test("chunk ids are listed: all of the vault, and the staged ones", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const first = await machine.backUp();
  await machine.open();
  const staged = dataPack(machine.vault.id, 3);
  await machine.put(staged);
  const list = async (scope: string) => {
    const query = { scope };
    const params = { session: machine.session.session };
    const { bytes, headers } = await service.call("listChunks", { token: machine.token, params, query });
    expect(headers.get("holdfast-next")).toBeNull();
    return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32).toString("hex"));
  };
  const hex = (ids: readonly Buffer[]) => ids.map((id) => id.toString("hex")).toSorted();
  expect((await list("staged")).toSorted()).toEqual(hex(staged.chunks));
  expect(await list("all")).toEqual(hex([...first.data.chunks, ...first.pages.chunks, ...staged.chunks]));
});

test("a pack that is sent again is known, and counted once", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const data = dataPack(machine.vault.id);
  expect((await machine.put(data)).status).toBe(201);
  const again = await machine.put(data);
  expect([again.status, again.json]).toEqual([200, { bytes: data.bytes.length, known: true }]);
  const both = dataPack(machine.vault.id);
  const racing = await Promise.all([machine.put(both), machine.put(both)]);
  expect(racing.map(({ status }) => status).toSorted()).toEqual([200, 201]);
  const { json } = await service.call("ownMachine", { token: machine.token });
  expect(json.quota.usedBytes).toBe(data.bytes.length + both.bytes.length);
});

test("a damaged, foreign or misnamed pack is refused and leaves nothing behind", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const pack = dataPack(machine.vault.id);
  expect((await machine.put(pack, { body: flipped(pack.bytes, 100) })).code).toBe("pack/corrupt");
  expect((await machine.put(pack, { body: pack.bytes.subarray(0, -5) })).code).toBe("pack/corrupt");
  expect((await machine.put(dataPack(randomBytes(16)))).code).toBe("format/malformed");
  const cut = pack.bytes.subarray(0, -5);
  expect((await machine.put(pack, { id: sha256(cut).toString("hex"), body: cut })).code).toBe("format/malformed");
  const { json } = await service.call("ownMachine", { token: machine.token });
  expect(json.quota.usedBytes).toBe(0);
  if (isEmbedded()) expect(await readdir(join(service.data, "storage", "incoming"))).toEqual([]);
  expect(await service.service.domain.records.quota.listReservations()).toEqual([]);
  expect((await machine.put(pack)).status).toBe(201);
});

test("a session whose lease ran out is expired; its run has vanished, its packs stay", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  await machine.put(makePack(machine.vault.id, [{}]));
  service.clock.advance(14 * 60_000);
  const params = { session: machine.session.session };
  const counters = { files: 9, bytes: 9, filesEncoded: 1, bytesEncoded: 1, filesTransferred: 1, bytesTransferred: 1 };
  const body = { fence: machine.session.fence, counters };
  expect((await service.call("progressSession", { token: machine.token, params, body })).status).toBe(200);
  service.clock.advance(14 * 60_000);
  expect((await machine.put(makePack(machine.vault.id, [{}]))).status).toBe(201);
  service.clock.advance(16 * 60_000);
  expect((await machine.put(makePack(machine.vault.id, [{}]))).code).toBe("session/expired");
  const afterAMinute = async () => {
    service.clock.advance(60_000);
    return (await service.call("listOwnBackups", { token: machine.token })).json.items[0];
  };
  await expect.poll(afterAMinute).toMatchObject({ state: "failed", result: "agent/vanished", files: 9 });
  expect((await machine.open()).json.staged.packs).toBe(2);
});

/** With one bit turned, counted from the end when negative. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy.writeUInt8(copy.readUInt8(index) ^ 1, index);
  return copy;
}
