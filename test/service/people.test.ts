import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { passwords } from "../../server-mock/domain/access/passwords.ts";
import { addAccount } from "../../server-mock/domain/people/new-account.ts";
import { registerMachine } from "../support/test-machine.ts";
import { type Answered, startTestService, type TestService } from "../support/test-service.ts";

const GB = 1_000_000_000;

async function ownerToken(service: TestService): Promise<string> {
  const { domain } = service.service;
  const password = await domain.passwords.hash("owner password");
  const fields = { organization: null, role: "owner", email: "owner@example.com", name: "Owner", password } as const;
  await domain.records.transaction((stores) => addAccount(domain, stores, fields));
  const { json } = await service.call("login", { body: { email: "owner@example.com", password: "owner password" } });
  return json.token;
}

/** A second organization with its admin and one machine. */
async function otherOrganization(service: TestService) {
  const admin = { email: "boss@other.example", name: "Boss", password: "boss password" };
  const token = await ownerToken(service);
  await service.call("createOrganization", { token, body: { name: "Other", admin } });
  const boss = (await service.call("login", { body: { email: admin.email, password: admin.password } })).json.token;
  const body = { email: "one@other.example", name: "One", password: "one password", desktopDevices: 3 };
  const user = (await service.call("createUser", { token: boss, body })).json;
  const keys = await service.call("createProductKeys", { token: boss, body: { user: user.id, kind: "desktop" } });
  const machine = await registerMachine(service, { productKey: keys.json.keys[0].productKey });
  return { owner: token, boss, user, machine };
}

const firstUser = async (service: TestService, token: string) =>
  (await service.call("listUsers", { token })).json.items.at(-1);

test("a log-in renews a password's hash that cost more than hashes cost today; a wrong password doesn't", async () => {
  const service = await startTestService();
  const { records } = service.service.domain;
  const { email } = service.first.user;
  const stored = async () => (await records.accounts.findByLogin(email))?.password ?? "";
  const dear = await passwords(systemRandom, { memoryKiB: 128, passes: 2, parallelism: 1 }).hash(
    service.first.user.password,
  );
  const { id } = (await records.accounts.findByLogin(email)) ?? {};
  await records.transaction((stores) => stores.accounts.change(id ?? "", { password: dear }));
  expect((await service.call("login", { body: { email, password: "wrong" } })).code).toBe("login/wrong");
  expect(await stored()).toBe(dear);
  expect((await service.call("login", { body: service.first.user })).status).toBe(200);
  expect(await stored()).toMatch(/^argon2id\$64\$1\$1\$/);
  const renewed = await stored();
  expect((await service.call("login", { body: service.first.user })).status).toBe(200);
  expect(await stored()).toBe(renewed);
});

test("five wrong passwords lock the account and the address, each further one for twice as long", async () => {
  const service = await startTestService();
  const { email } = service.first.user;
  const wrong = () => service.call("login", { body: { email, password: "wrong" } });
  for (let count = 0; count < 5; count++) expect((await wrong()).code).toBe("login/wrong");
  for (const minutes of [1, 2, 4, 8, 15, 15]) {
    const locked = await service.call("login", { body: service.first.user });
    expect([locked.code, locked.json.error.data.seconds]).toEqual(["login/locked", minutes * 60]);
    service.clock.advance(minutes * 60_000);
    expect((await wrong()).code).toBe("login/wrong");
  }
});

test("an unknown address answers like a wrong password, and a right one in any case works", async () => {
  const service = await startTestService();
  const unknown = await service.call("login", { body: { email: "nobody@example.com", password: "x" } });
  expect([unknown.status, unknown.code]).toEqual([401, "login/wrong"]);
  const { email, password } = service.first.user;
  const right = await service.call("login", { body: { email: email.toUpperCase(), password } });
  expect(right.json.account).toMatchObject({ email, role: "user" });
  expect(right.json.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test("a console token ends after twelve hours", async () => {
  const service = await startTestService();
  const token = await service.logIn();
  service.clock.advance(12 * 3600_000 - 1);
  expect((await service.call("listMachines", { token })).status).toBe(200);
  service.clock.advance(1);
  expect((await service.call("listMachines", { token })).code).toBe("token/invalid");
});

test("a new password ends the log-ins made with the old one", async () => {
  const service = await startTestService();
  const [admin, token] = [await service.logIn("admin"), await service.logIn()];
  const { id } = await firstUser(service, admin);
  const change = (password: string) =>
    service.call("changeUser", { token: admin, params: { user: id }, body: { password } });
  expect((await change("short")).code).toBe("password/too-short");
  expect((await change("long enough")).status).toBe(200);
  expect((await service.call("listMachines", { token })).code).toBe("token/invalid");
  expect((await service.call("login", { body: service.first.user })).code).toBe("login/wrong");
});

test("what a role may not do is refused, by name", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { owner } = await otherOrganization(service);
  const [admin, user] = [await service.logIn("admin"), await service.logIn()];
  const person = { email: "new@example.com", name: "New", password: "a password" };
  const refusals: Promise<Answered>[] = [
    ...(["listUsers", "listOrganizations", "listProductKeys", "listAudit"] as const).map((name) =>
      service.call(name, { token: user }),
    ),
    service.call("createUser", { token: user, body: person }),
    service.call("changeMachine", { token: user, params: { machine: machine.id }, body: { limitBytes: null } }),
    service.call("listOrganizations", { token: admin }),
    service.call("createOrganization", { token: admin, body: { name: "X", admin: person } }),
    service.call("createUser", { token: owner, body: person }),
  ];
  for (const { code, status } of await Promise.all(refusals)) expect([status, code]).toEqual([403, "role/not-allowed"]);
});

test("other organizations' ids don't exist", async () => {
  const service = await startTestService();
  const mine = await registerMachine(service);
  const other = await otherOrganization(service);
  await other.machine.backUp();
  const token = await service.logIn("admin");
  const params = { machine: other.machine.id, user: other.user.id };
  const codes = {
    getMachine: "machine/missing",
    changeMachine: "machine/missing",
    listBackups: "machine/missing",
    listRestores: "machine/missing",
    listMachineSnapshots: "machine/missing",
    openRestore: "machine/missing",
    changeUser: "user/missing",
  } as const;
  for (const [name, code] of Object.entries(codes) as [keyof typeof codes, string][]) {
    const body = name === "openRestore" ? { source: "cli" } : name.startsWith("change") ? {} : undefined;
    expect((await service.call(name, { token, params, body })).code, name).toBe(code);
  }
  const keyOfOther = (await service.call("listProductKeys", { token: other.boss })).json.items[0];
  const revoked = await service.call("revokeProductKey", { token, params: { key: keyOfOther.id } });
  expect(revoked.code).toBe("product-key/missing");
  const wanted = { user: other.user.id, kind: "desktop" };
  expect((await service.call("createProductKeys", { token, body: wanted })).code).toBe("user/missing");

  const ids = async (name: "listMachines" | "listUsers" | "listAudit", as: string) =>
    (await service.call(name, { token: as })).json.items;
  expect((await ids("listMachines", token)).map(({ id }: { id: string }) => id)).toEqual([mine.id]);
  expect((await ids("listMachines", other.boss)).map(({ id }: { id: string }) => id)).toEqual([other.machine.id]);
  expect(await ids("listMachines", other.owner)).toHaveLength(2);
  expect(await ids("listUsers", token)).toHaveLength(1);
  for (const row of await ids("listAudit", token)) expect(row.subject).not.toContain("other.example");
});

test("one e-mail address is one log-in, over all organizations", async () => {
  const service = await startTestService();
  const { owner } = await otherOrganization(service);
  const token = await service.logIn("admin");
  const body = { email: "BOSS@other.example", name: "Copy", password: "a password" };
  expect((await service.call("createUser", { token, body })).code).toBe("account/exists");
  const admin = { email: "another@example.com", name: "A", password: "a password" };
  const same = await service.call("createOrganization", { token: owner, body: { name: "Other", admin } });
  expect(same.code).toBe("organization/exists");
});

test("limits lie between what is used below and granted above, and the refusal names both", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const token = await service.logIn("admin");
  const { id } = await firstUser(service, token);
  const user = (body: object) => service.call("changeUser", { token, params: { user: id }, body });
  const device = (limitBytes: number | null) =>
    service.call("changeMachine", { token, params: { machine: machine.id }, body: { limitBytes } });
  expect((await user({ limitBytes: 10 * GB })).json.limitBytes).toBe(10 * GB);
  const data = { minimum: 0, maximum: 10 * GB, above: "user", field: "limitBytes" };
  expect((await device(11 * GB)).json.error.data).toEqual(data);
  expect((await device(4 * GB)).json.limitBytes).toBe(4 * GB);
  const tooSmall = await user({ limitBytes: 3 * GB });
  expect([tooSmall.code, tooSmall.json.error.data.minimum]).toEqual(["limit/out-of-range", 4 * GB]);
  expect((await user({ desktopDevices: 0 })).code).toBe("limit/out-of-range");
  expect((await device(null)).json.limitBytes).toBeNull();
  expect((await user({ limitBytes: 3 * GB })).status).toBe(200);
  expect((await service.call("ownMachine", { token: machine.token })).json.quota).toEqual({
    usedBytes: 0,
    limitBytes: 3 * GB,
    availableBytes: 3 * GB,
    state: "below",
  });
});

test("lists come in pages whose cursors lead through everything once, newest first", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const { id } = await firstUser(service, token);
  await service.call("createProductKeys", { token, body: { user: id, kind: "server", count: 7 } });
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { limit: 4, ...(cursor === undefined ? {} : { cursor }) };
    const { items, next } = (await service.call("listProductKeys", { token, query })).json;
    expect(items.length).toBeLessThanOrEqual(4);
    seen.push(...items.map((key: { id: string }) => key.id));
    cursor = next;
  }
  expect(seen).toHaveLength(9);
  expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
});

test("a product key is shown whole once, then by its last group", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const { id } = await firstUser(service, token);
  const made = (await service.call("createProductKeys", { token, body: { user: id, kind: "server" } })).json.keys[0];
  expect(made.productKey).toMatch(/^([2-9A-HJKMNP-TV-Z]{5}-){3}[2-9A-HJKMNP-TV-Z]{5}$/);
  expect(made.productKey.endsWith(made.lastGroup)).toBe(true);
  const listed = await service.call("listProductKeys", { token });
  expect(listed.bytes.toString()).not.toContain(made.productKey);
  const params = { key: made.id };
  expect((await service.call("revokeProductKey", { token, params })).status).toBe(200);
  expect((await service.call("revokeProductKey", { token, params })).status).toBe(200);
  expect((await service.call("listProductKeys", { token })).json.items[0]).toMatchObject({
    id: made.id,
    state: "revoked",
  });
});

test("a machine shows its last update, last contact and every run", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const token = await service.logIn("admin");
  const shown = async () => (await service.call("getMachine", { token, params: { machine: machine.id } })).json;
  expect(await shown()).toMatchObject({ lastUpdateAt: null, encryption: "default", productKey: expect.any(String) });
  await machine.backUp();
  const updatedAt = new Date(service.clock.now()).toISOString();
  service.clock.advance(3600_000);
  await machine.open();
  await machine.end({ code: "quota/exceeded", message: "Full." });
  await machine.open();
  await machine.end();
  await machine.open();
  expect((await shown()).lastUpdateAt).toBe(updatedAt);
  expect(Date.parse((await shown()).lastSeenAt)).toBe(service.clock.now());
  const { items } = (await service.call("listBackups", { token, params: { machine: machine.id } })).json;
  expect(items.map(({ state, result }: { state: string; result: string }) => [state, result])).toEqual([
    ["running", null],
    ["cancelled", "backup/cancelled"],
    ["failed", "quota/exceeded"],
    ["success", "Success"],
  ]);
  expect(items.at(-1)).toMatchObject({ files: 3, bytesTransferred: 200, snapshot: 1, type: "Manual" });
});

test("an incomplete snapshot is kept and told, but is no successful update", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { pages } = await machine.backUp();
  service.clock.advance(1000);
  await machine.open();
  const problems = [{ path: "/home/a", code: "file/unreadable", message: "No." }];
  const record = machine.record(pages.chunks[0] as Buffer, { incomplete: true });
  expect((await machine.commit(record, { problems, problemCount: 1 })).status).toBe(200);
  const [run] = (await service.call("listOwnBackups", { token: machine.token })).json.items;
  expect(run).toMatchObject({ state: "incomplete", result: "file/unreadable", problemCount: 1, problems, snapshot: 2 });
  const own = (await service.call("ownMachine", { token: machine.token })).json;
  expect(Date.parse(own.lastUpdateAt)).toBe(service.clock.now() - 1000);
  expect(own.vault.sequence).toBe(2);
});
