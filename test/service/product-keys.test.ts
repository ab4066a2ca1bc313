import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { addGroup, addUser } from "../support/people.ts";
import { machineFacts, makeVault, registerMachine, vaultPublic } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

async function start() {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const call = (name: Parameters<TestService["call"]>[0], options: object = {}) =>
    service.call(name, { token, ...options });
  const make = async (body: object) =>
    (await call("createProductKeys", { body: { kind: "desktop", ...body } })).json.keys;
  const tryKey = async (productKey: string, facts: object = {}) => {
    const body = { productKey, machine: machineFacts({ ...facts }), vault: await vaultPublic(service, makeVault()) };
    return await service.call("register", { body });
  };
  const user = await addUser(service, token, "ann");
  return { service, token, call, make, tryKey, user };
}

test("a key goes from unassigned to assigned to activated, and is of no use before it is assigned", async () => {
  const { call, make, tryKey, user } = await start();
  const [key] = await make({});
  expect([key.state, key.user]).toEqual(["unassigned", null]);
  expect((await tryKey(key.productKey)).code).toBe("product-key/unassigned");
  const change = { params: { key: key.id }, body: { user: user.id } };
  expect((await call("changeProductKey", change)).json).toMatchObject({ state: "assigned", user: { id: user.id } });
  expect((await tryKey(key.productKey)).json.user).toBe(user.email);
  const { items } = (await call("listProductKeys", { query: { user: user.id } })).json;
  expect(items).toMatchObject([{ id: key.id, state: "activated", lastGroup: key.productKey.slice(-5) }]);
  expect((await call("changeProductKey", { ...change, body: { user: null } })).code).toBe("product-key/in-use");
});

test("a suspended key activates nothing until it is resumed, a revoked one never", async () => {
  const { call, make, tryKey, user } = await start();
  const [key] = await make({ user: user.id });
  const change = (suspended: boolean) => call("changeProductKey", { params: { key: key.id }, body: { suspended } });
  expect((await change(true)).json.state).toBe("suspended");
  expect((await tryKey(key.productKey)).code).toBe("product-key/suspended");
  expect((await change(false)).json.state).toBe("assigned");
  await call("revokeProductKey", { params: { key: key.id } });
  expect((await tryKey(key.productKey)).code).toBe("product-key/revoked");
  expect((await change(false)).code).toBe("product-key/not-usable");
});

test("two admins who edit a key don't overwrite each other", async () => {
  const { call, make, user } = await start();
  const [key] = await make({});
  const headers = { "if-match": `"${key.version}"` };
  const assign = { params: { key: key.id }, body: { user: user.id }, headers };
  expect((await call("changeProductKey", assign)).headers.get("etag")).toBe(`"${key.version + 1}"`);
  expect((await call("changeProductKey", assign)).code).toBe("edit/conflict");
});

test("keys of a group's stock are assigned many at a time, all or none", async () => {
  const { service, token, call, make, user } = await start();
  const group = await addGroup(service, token, "Sales");
  const keys = (await make({ group, count: 3 })) as { id: string; group: string }[];
  expect(new Set(keys.map((key) => key.group))).toEqual(new Set([group]));
  const missing = { keys: [...keys.map(({ id }) => id), "00000000-0000-4000-8000-000000000000"], user: user.id };
  expect((await call("assignProductKeys", { body: missing })).code).toBe("product-key/missing");
  const listed = async (query: object) => (await call("listProductKeys", { query })).json.items.length;
  expect(await listed({ group, state: "unassigned" })).toBe(3);
  expect((await call("assignProductKeys", { body: { keys: keys.map(({ id }) => id), user: user.id } })).status).toBe(
    200,
  );
  expect([await listed({ group }), await listed({ user: user.id, state: "assigned" })]).toEqual([0, 3]);
  const both = { user: user.id, group, kind: "desktop" };
  expect((await call("createProductKeys", { body: both })).code).toBe("request/malformed");
});

test("a key of the other type is not given to a user", async () => {
  const { service, token, call, make } = await start();
  const server = await addUser(service, token, "srv", { kind: "server", desktopDevices: 0 });
  const body = { user: server.id, kind: "desktop" };
  expect((await call("createProductKeys", { body })).code).toBe("product-key/wrong-user");
  const [key] = await make({});
  const change = { params: { key: key.id }, body: { user: server.id } };
  expect((await call("changeProductKey", change)).code).toBe("product-key/wrong-user");
});

test("unactivated keys stand above activated ones, page by page", async () => {
  const { call, make, tryKey, user } = await start();
  const keys = await make({ user: user.id, count: 5 });
  await tryKey(keys[4].productKey);
  await tryKey(keys[1].productKey);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { user: user.id, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
    const { items, next } = (await call("listProductKeys", { query })).json;
    seen.push(...items.map((item: { id: string }) => item.id));
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual([3, 2, 0, 4, 1].map((index) => keys[index].id));
  expect((await call("listProductKeys", { query: { cursor: "nonsense" } })).code).toBe("request/malformed");
});

test("Send Keys makes the unused keys anew, mails them, and the old ones die", async () => {
  const { service, call, make, tryKey, user } = await start();
  const send = () => call("sendProductKeys", { params: { user: user.id } });
  expect([(await send()).status, (await send()).code]).toEqual([409, "product-key/none"]);
  const [first, second] = await make({ user: user.id, count: 2 });
  await make({ user: user.id, kind: "server" });
  await tryKey(second.productKey);
  expect((await send()).json).toEqual({ sent: 2, desktop: 1, server: 1 });
  const { mails } = service.service.domain.records;
  const [mail] = await mails.list({ limit: 1 }, {});
  const mailed = mail?.text.match(/Desktop: ([0-9A-Z-]{23})/)?.[1] ?? "";
  expect([mail?.recipient, mailed.length]).toEqual([user.email, 23]);
  expect((await tryKey(first.productKey)).code).toBe("product-key/unknown");
  expect((await tryKey(mailed)).status).toBe(200);
});

test("a fresh batch as CSV has the whole keys, the list has their last groups", async () => {
  const { service, call, tryKey, user } = await start();
  const fresh = await call("createProductKeysCsv", { body: { user: user.id, kind: "desktop", count: 2 } });
  expect(fresh.headers.get("content-type")).toContain("text/csv");
  const rows = parse(fresh.bytes.toString(), { bom: true, columns: true }) as Record<string, string>[];
  expect(rows).toMatchObject([{ Type: "Desktop", State: "Assigned", User: user.email }, {}]);
  expect((await tryKey(rows[0]?.["Product Key"] ?? "")).status).toBe(200);
  const list = await call("exportProductKeys", { query: { user: user.id } });
  const listed = parse(list.bytes.toString(), { bom: true, columns: true }) as Record<string, string>[];
  expect(listed.map((row) => [row["Product Key"]?.length, row.State])).toEqual([
    [5, "Assigned"],
    [5, "Activated"],
  ]);
  const detail = JSON.stringify(await service.service.domain.records.audit.list({ limit: 50 }, {}));
  expect(detail).not.toContain(rows[1]?.["Product Key"]);
});

test("keys of other organizations don't exist", async () => {
  const { service, call } = await start();
  const other = (await service.call("login", { body: service.first.user })).json.token;
  expect((await service.call("listProductKeys", { token: other })).code).toBe("role/not-allowed");
  const params = { key: "00000000-0000-4000-8000-000000000000" };
  expect((await call("changeProductKey", { params, body: { suspended: true } })).code).toBe("product-key/missing");
  expect((await call("sendProductKeys", { params: { user: params.key } })).code).toBe("user/missing");
});

test("an inactive user's key says why it does nothing", async () => {
  const { service, tryKey, make, user } = await start();
  const [key] = await make({ user: user.id });
  await service.service.domain.records.accounts.change(user.id, { state: "inactive" });
  expect((await tryKey(key.productKey)).code).toBe("account/inactive");
  await service.service.domain.records.accounts.change(user.id, { state: "canceled" });
  expect((await tryKey(key.productKey)).code).toBe("account/ended");
});

test("no machine registers for a suspended group or organization", async () => {
  const { service, tryKey } = await start();
  const { records } = service.service.domain;
  const user = await records.accounts.findByLogin(service.first.user.email);
  await records.groups.change(user?.userGroup ?? "", { settings: JSON.stringify({ suspended: true }) });
  expect((await tryKey(service.first.productKeys.desktop)).code).toBe("group/suspended");
  await records.organizations.change(user?.organization ?? "", { state: "suspended" });
  expect((await tryKey(service.first.productKeys.desktop)).code).toBe("organization/suspended");
});

test("an organization of the Home edition has five machines at most", async () => {
  const { service, make, tryKey, user } = await start();
  const { records } = service.service.domain;
  const organization = (await records.accounts.find(user.id))?.organization ?? "";
  await records.organizations.change(organization, { edition: "home" });
  await records.accounts.change(user.id, { desktopDevices: 9 });
  const keys = (await make({ user: user.id, count: 6 })) as { productKey: string }[];
  const codes: (string | undefined)[] = [];
  for (const { productKey } of keys) codes.push((await tryKey(productKey)).code);
  expect(codes).toEqual([...Array(5).fill(undefined), "machine/limit"]);
});

test("a desktop user's machines are desktops, with a key or without", async () => {
  const { service, token, tryKey, make } = await start();
  const desk = await addUser(service, token, "desk", { kind: "desktop", serverDevices: 0 });
  const login = { email: desk.email, password: desk.password };
  const vault = await vaultPublic(service, makeVault());
  const body = { login, machine: machineFacts({ kind: "server" }), vault };
  expect((await service.call("register", { body })).code).toBe("machine/wrong-type");
  const [key] = await make({ user: desk.id });
  expect((await tryKey(key.productKey, { kind: "server" })).code).toBe("product-key/wrong-type");
});

test("the same computer uses no second licence, whichever key it is given, unless it is named as another one", async () => {
  const { service, make, tryKey, user } = await start();
  const [first, second] = await make({ user: user.id, count: 2 });
  const machine = await registerMachine(service, {
    productKey: first.productKey,
    facts: { fingerprint: "ab".repeat(32) },
  });
  const again = await tryKey(second.productKey, { fingerprint: "ab".repeat(32) });
  expect([again.code, again.json.error.data.machine]).toEqual(["machine/known", machine.id]);
  const other = await tryKey(second.productKey, { fingerprint: "ab".repeat(32), name: "den, second set" });
  expect(other.status).toBe(200);
});
