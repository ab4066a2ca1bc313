/** Edits that meet, and requests that are sent twice. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

const newUser = (email: string) => ({ email, name: "New", password: "correct horse" });

test("of two admins who edit the same row the second is told, and sees the version to look at", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const made = await service.call("createUser", { token, body: newUser("a@example.com") });
  const seen = made.headers.get("etag") ?? "";
  expect(seen).toBe(`"${made.json.version}"`);
  const change = (name: string, etag: string) =>
    service.call("changeUser", {
      token,
      params: { user: made.json.id },
      body: { name },
      headers: { "if-match": etag },
    });
  const first = await change("First", seen);
  expect(first.status).toBe(200);
  const second = await change("Second", seen);
  expect([second.status, second.code, second.json.error.data.version]).toEqual([
    412,
    "edit/conflict",
    first.json.version,
  ]);
  expect((await change("Second", first.headers.get("etag") ?? "")).json.name).toBe("Second");
  expect((await change("Third", "*")).status).toBe(200);
  for (const etag of ["7", 'W/"7"', '"x"', '"1", "2"'])
    expect((await change("x", etag)).code).toBe("request/malformed");
});

test("a racing edit never overwrites: of many with the same ETag one holds", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const made = await service.call("createUser", { token, body: newUser("a@example.com") });
  const params = { user: made.json.id };
  const headers = { "if-match": made.headers.get("etag") ?? "" };
  const edits = Array.from({ length: 8 }, (_, index) =>
    service.call("changeUser", { token, params, headers, body: { name: `Name ${index}` } }),
  );
  const statuses = (await Promise.all(edits)).map(({ status }) => status).sort();
  expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 412)]);
});

test("a POST that is sent again with its key is done once and answered alike", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const headers = { "idempotency-key": randomUUID() };
  const post = (email: string) => service.call("createUser", { token, headers, body: newUser(email) });
  const first = await post("a@example.com");
  const again = await post("a@example.com");
  expect([again.status, again.json, again.headers.get("etag")]).toEqual([200, first.json, first.headers.get("etag")]);
  expect([first, again].map(({ headers }) => headers.get("idempotent-replayed"))).toEqual([null, "true"]);
  expect(await post("b@example.com")).toMatchObject({ status: 422, code: "idempotency/other-request" });
  // Without a key, or with another account's, it is another request.
  expect((await service.call("createUser", { token, body: newUser("a@example.com") })).code).toBe("account/exists");
  service.clock.advance(25 * 3600 * 1000);
  const later = await service.logIn("admin");
  const tooLate = await service.call("createUser", { token: later, headers, body: newUser("a@example.com") });
  expect(tooLate.code).toBe("account/exists");
});

test("what is shown once is shown again to a repeated request, and lies in the database sealed", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const [user] = (await service.call("listUsers", { token })).json.items;
  const headers = { "idempotency-key": "once-and-again" };
  const body = { user: user.id, kind: "desktop", count: 2 };
  const first = await service.call("createProductKeys", { token, headers, body });
  const again = await service.call("createProductKeys", { token, headers, body });
  expect(again.json).toEqual(first.json);
  const account = (await service.call("login", { body: service.first.admin })).json.account.id;
  const row = await service.service.domain.records.rememberedCalls.find(account, "once-and-again");
  expect(Buffer.from(row?.answer ?? []).includes(first.json.keys[0].productKey)).toBe(false);
  expect(row?.answer).not.toBeNull();
});

test("whoever acts in a user's name gets no answer that the user got", async () => {
  const service = await startTestService();
  const admin = await service.logIn("admin");
  await service.call("changeOwnOrganization", { token: admin, body: { subdomain: "acme-repeats" } });
  const machine = await registerMachine(service);
  const user = (await service.call("getMachine", { token: admin, params: { machine: machine.id } })).json.user.id;
  const acting = (await service.call("actAs", { token: admin, params: { user } })).json.token;
  const open = {
    params: { machine: machine.id },
    body: { source: "cli" },
    headers: { "idempotency-key": "guessable" },
  };
  expect((await service.call("openRestore", { token: await service.logIn(), ...open })).status).toBe(200);
  expect((await service.call("openRestore", { token: acting, ...open })).code).toBe("role/not-allowed");
});

test("repeats that race with the first are done once", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const headers = { "idempotency-key": randomUUID() };
  const posts = Array.from({ length: 6 }, () =>
    service.call("createUser", { token, headers, body: newUser("a@example.com") }),
  );
  const codes = (await Promise.all(posts)).map(({ status, code }) => code ?? status);
  expect(codes.filter((code) => code === 200).length).toBeGreaterThan(0);
  expect(codes.every((code) => code === 200 || code === "request/in-progress")).toBe(true);
  const users = (await service.call("listUsers", { token })).json.items;
  expect(users.filter(({ email }: { email: string }) => email === "a@example.com")).toHaveLength(1);
});

test("a refused request may be tried again under its key; one that was cut off is never done twice", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const { rememberedCalls } = service.service.domain.records;
  const headers = { "idempotency-key": "my-request" };
  const post = () =>
    service.call("createUser", { token, headers, body: { ...newUser("a@example.com"), password: "short" } });
  expect((await post()).code).toBe("password/too-short");
  expect((await post()).code).toBe("password/too-short");
  const account = (await service.call("login", { body: service.first.admin })).json.account.id;
  expect(await rememberedCalls.find(account, "my-request")).toBeUndefined();
  // As a process leaves it that dies at work.
  const good = { token, headers, body: newUser("a@example.com") };
  expect((await service.call("createUser", good)).status).toBe(200);
  const row = await rememberedCalls.find(account, "my-request");
  await rememberedCalls.remove(account, "my-request");
  if (row === undefined) throw new Error("it was not remembered");
  await rememberedCalls.insert({ ...row, status: null, answer: null });
  expect((await service.call("createUser", good)).code).toBe("request/in-progress");
  service.clock.advance(3 * 60 * 1000);
  expect((await service.call("createUser", good)).code).toBe("idempotency/outcome-unknown");
});

test("keys that are too short or hold spaces are refused, and routes of agents know none", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  for (const key of ["short", "with space in", "x".repeat(129)]) {
    const refused = await service.call("createUser", {
      token,
      headers: { "idempotency-key": key },
      body: newUser("a@b.example"),
    });
    expect([refused.code, refused.json.error.data.field]).toEqual(["request/malformed", "Idempotency-Key"]);
  }
  expect((await service.call("login", { headers: { "idempotency-key": "x" }, body: service.first.admin })).status).toBe(
    200,
  );
});
