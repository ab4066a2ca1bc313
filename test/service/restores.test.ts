import { randomBytes } from "node:crypto";
import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyRecords } from "../../server-mock/domain/records/verify-records.ts";
import { makeAdmin, makeRole } from "../support/logged-in.ts";
import { isEmbedded } from "../support/test-engines.ts";
import { dataPack, machineFacts, makeVault, registerMachine, vaultPublic } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

async function addUser(service: TestService, email: string): Promise<string> {
  const token = await service.logIn("admin");
  const password = "correct horse";
  await service.call("createUser", { token, body: { email, name: "Other", password } });
  return (await service.call("login", { body: { email, password } })).json.token;
}

test("a user restores own machines only, an admin all of the organization, and each release is audited", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const admin = await service.logIn("admin");
  const stranger = await addUser(service, "other@example.com");
  expect((await machine.restore(stranger)).code).toBe("machine/missing");
  expect((await machine.restore(await service.logIn(), { purpose: "verify" })).status).toBe(200);
  expect((await machine.restore(admin)).status).toBe(200);
  const { items } = (await service.call("listAudit", { token: admin })).json;
  const releases = items.filter(({ action }: { action: string }) => action === "restores/open");
  expect(releases).toMatchObject([
    { actor: service.first.admin.email, subject: "den", detail: "default key released, for restore, from cli" },
    { actor: service.first.user.email, detail: "default key released, for verify, from cli" },
  ]);
  expect(releases[0].address).toBe("127.0.0.1");
});

test("a restore that an admin opened ends with the right to it", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const token = await service.logIn("admin");
  const role = await makeRole(service, token, { capabilities: ["machines.view", "restores.create"] });
  const helper = await makeAdmin(service, token, { email: "helper@example.com", role });
  const { json } = await machine.restore(helper.token);
  const read = () => service.call("listSnapshots", { token: json.token });
  expect((await read()).status).toBe(200);
  await service.call("changeRole", { token, params: { role }, body: { capabilities: ["machines.view"] } });
  expect((await read()).code).toBe("token/invalid");
});

test("a custom wrap is handed out as it was stored; the service can't open it", async () => {
  const service = await startTestService();
  const base64 = (length: number) => randomBytes(length).toString("base64");
  const wrap = {
    kind: "custom",
    argon2: { memoryKiB: 262_144, passes: 3, parallelism: 4 },
    salt: base64(16),
    check: base64(32),
    nonce: base64(12),
    ciphertext: base64(48),
  };
  const vault = await vaultPublic(service, makeVault(), { wrap });
  const body = { productKey: service.first.productKeys.desktop, machine: machineFacts(), vault };
  const { machine } = (await service.call("register", { body })).json;
  const token = await service.logIn();
  const restore = await service.call("openRestore", { token, params: { machine }, body: { source: "web" } });
  expect(restore.json.wrap).toEqual(wrap);
  expect((await service.call("getMachine", { token, params: { machine } })).json.encryption).toBe("custom");
  const other = await registerMachine(service, {
    productKey: service.first.productKeys.server,
    facts: { kind: "server" },
  });
  const { items } = (await service.call("listMachines", { token })).json;
  const kinds = new Map(items.map(({ id, encryption }: Record<string, string>) => [id, encryption]));
  expect([kinds.get(machine), kinds.get(other.id)]).toEqual(["custom", "default"]);
});

test("a restore leaves a record that follows its progress", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const token = await service.logIn();
  const { json } = await machine.restore(token, { filesRequested: 4 });
  const shown = async () => (await service.call("listOwnRestores", { token: machine.token })).json.items[0];
  expect(await shown()).toMatchObject({ id: json.restore, status: "running", filesRequested: 4, finishedAt: null });
  const report = { filesRequested: 4, filesRetrieved: 4, bytes: 99, status: "completed" };
  service.clock.advance(1000);
  await service.call("progressRestore", { token: json.token, body: report });
  expect(await shown()).toMatchObject({ ...report, requestedBy: service.first.user.email, source: "cli", code: null });
  expect(Date.parse((await shown()).finishedAt)).toBe(service.clock.now());
  const listed = await service.call("listRestores", { token, params: { machine: machine.id } });
  expect(listed.json.items).toEqual([await shown()]);
});

test("a restore that has ended stays as it was told, whatever is reported later", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { json } = await machine.restore(await service.logIn());
  const report = (body: object) => service.call("progressRestore", { token: json.token, body });
  const done = { filesRequested: 4, filesRetrieved: 4, bytes: 99, status: "completed" };
  await report(done);
  for (const later of [
    { status: "running", bytes: 1 },
    { status: "failed", code: "local/unknown" },
  ])
    expect((await report({ ...done, ...later })).status).toBe(200);
  const [shown] = (await service.call("listOwnRestores", { token: machine.token })).json.items;
  expect(shown).toMatchObject(done);
  expect((await verifyRecords(service.service.domain)).troubles).toEqual([]);
});

test("a restore whose token ran out reads nothing more and is cancelled", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { data } = await machine.backUp();
  const { json } = await machine.restore(await service.logIn());
  service.clock.advance(12 * 3600_000);
  expect((await service.call("getPack", { token: json.token, params: { pack: data.id } })).code).toBe("token/invalid");
  const afterAMinute = async () => {
    service.clock.advance(60_000);
    return (await service.call("listOwnRestores", { token: machine.token })).json.items[0];
  };
  await expect.poll(afterAMinute).toMatchObject({ status: "cancelled" });
});

test("a restore sees one vault, and of it only what was committed", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { productKeys } = service.first;
  const other = await registerMachine(service, { productKey: productKeys.server, facts: { kind: "server" } });
  const mine = await machine.backUp();
  const theirs = await other.backUp();
  await machine.open();
  const staged = dataPack(machine.vault.id);
  await machine.put(staged);
  const { token } = (await machine.restore(await service.logIn())).json;
  const status = async (pack: string) => (await service.call("getPack", { token, params: { pack } })).status;
  expect(await status(mine.data.id)).toBe(200);
  expect(await status(theirs.data.id)).toBe(404);
  expect(await status(staged.id)).toBe(404);
  const ids = [...theirs.data.chunks, ...staged.chunks].map((id) => id.toString("hex"));
  expect((await service.call("locate", { token, body: { ids } })).json).toEqual({
    packs: [],
    chunks: ids.map(() => null),
  });
  expect((await service.call("getSnapshot", { token, params: { sequence: 2 } })).code).toBe("snapshot/missing");
});

test.runIf(isEmbedded())(
  "a pack or record whose file was lost or cut is told as such, and the rest still reads",
  async () => {
    const service = await startTestService();
    const machine = await registerMachine(service);
    const { data, pages, hash } = await machine.backUp();
    const { token } = (await machine.restore(await service.logIn())).json;
    const storage = join(service.data, "storage");
    const vault = machine.vault.id.toString("hex");
    await rm(join(storage, "packs", vault, pages.id.slice(0, 2), pages.id));
    await truncate(join(storage, "packs", vault, data.id.slice(0, 2), data.id), 200);
    await rm(join(storage, "records", vault, `0000000000000001-${hash}`));
    const ids = [...data.chunks, ...pages.chunks].map((id) => id.toString("hex"));
    const located = await service.call("locate", { token, body: { ids } });
    expect(located.json).toEqual({ packs: [], chunks: ids.map(() => null) });
    const get = (pack: string, headers = {}) => service.call("getPack", { token, params: { pack }, headers });
    expect((await get(pages.id)).code).toBe("pack/missing");
    expect((await get(data.id)).code).toBe("pack/corrupt");
    expect((await get(data.id, { range: "bytes=150-250" })).code).toBe("pack/corrupt");
    expect((await get(data.id, { range: "bytes=100-199" })).bytes).toEqual(data.bytes.subarray(100, 200));
    expect((await service.call("getSnapshot", { token, params: { sequence: 1 } })).code).toBe("snapshot/missing");
  },
);

test("logging out or suspending ends what a token could do", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.backUp();
  const token = await service.logIn();
  const restore = (await machine.restore(token)).json.token;
  await service.call("logout", { token });
  expect((await machine.restore(token)).code).toBe("token/invalid");
  const admin = await service.logIn("admin");
  const [user] = (await service.call("listUsers", { token: admin })).json.items;
  await service.call("changeUser", { token: admin, params: { user: user.id }, body: { state: "suspended" } });
  expect((await service.call("listSnapshots", { token: restore })).code).toBe("account/suspended");
  expect((await machine.open()).code).toBe("account/suspended");
  await service.call("changeUser", { token: admin, params: { user: user.id }, body: { state: "active" } });
  expect((await machine.open()).status).toBe(200);
  const change = { token: admin, params: { machine: machine.id }, body: { state: "suspended" } };
  await service.call("changeMachine", change);
  expect((await machine.open()).code).toBe("machine/suspended");
});
