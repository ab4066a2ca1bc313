/** Browsers' log-ins, the list of log-ins, API tokens. */
import { expect, test } from "vitest";
import { type CallOptions, startTestService, type TestService } from "../support/test-service.ts";

const SAME = { "sec-fetch-site": "same-origin" };

async function cookieLogIn(service: TestService): Promise<string> {
  const answered = await service.call("login", { body: { ...service.first.admin, cookie: true }, headers: SAME });
  expect([answered.status, answered.json.token]).toEqual([200, ""]);
  return answered.headers.get("set-cookie") ?? "";
}

const withCookie = (cookie: string, headers: Record<string, string> = {}): CallOptions => ({
  headers: { cookie: cookie.split(";")[0] ?? "", ...headers },
});

test("a browser's token is in a cookie that no script reads and no other site sends", async () => {
  const service = await startTestService();
  const cookie = await cookieLogIn(service);
  expect(cookie).toMatch(/^holdfast=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  expect((await service.call("listUsers", withCookie(cookie))).status).toBe(200);
  const out = await service.call("logout", withCookie(cookie, SAME));
  expect(out.headers.get("set-cookie")).toMatch(/^holdfast=; Path=\/; Max-Age=0;/);
  expect((await service.call("listUsers", withCookie(cookie))).code).toBe("token/invalid");
});

test("who ends an acting log-in keeps the cookie of the own one that came along", async () => {
  const service = await startTestService();
  const cookie = await cookieLogIn(service);
  const acting = await service.logIn("admin");
  const out = await service.call("logout", withCookie(cookie, { ...SAME, authorization: `Bearer ${acting}` }));
  expect([out.status, out.headers.get("set-cookie")]).toEqual([200, null]);
  expect((await service.call("listUsers", { token: acting })).code).toBe("token/invalid");
  expect((await service.call("listUsers", withCookie(cookie))).status).toBe(200);
});

test("a console that is opened again learns who it is, and how long it may do what is dangerous", async () => {
  const service = await startTestService();
  const cookie = await cookieLogIn(service);
  const own = async () => (await service.call("getOwnAccount", withCookie(cookie))).json;
  const until = new Date(service.clock.now() + 5 * 60_000).toISOString();
  expect(await own()).toMatchObject({
    account: { email: service.first.admin.email, role: "admin", capabilities: expect.arrayContaining(["users.view"]) },
    actor: null,
    limitedTo: null,
    provenUntil: until,
  });
  service.clock.advance(5 * 60_000);
  expect((await own()).provenUntil).toBe(null);
});

test("a request that another site made up is refused, whatever its cookie", async () => {
  const service = await startTestService();
  const cookie = await cookieLogIn(service);
  const end = (headers: Record<string, string>) => service.call("endOtherLogIns", withCookie(cookie, headers));
  for (const headers of [
    {},
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", "x-holdfast-request": "1" },
    { "sec-fetch-site": "none" },
    { origin: "https://evil.example" },
    { origin: "null", "x-holdfast-request": "1" },
  ])
    expect((await end(headers as Record<string, string>)).code, JSON.stringify(headers)).toBe("request/cross-site");
  for (const headers of [SAME, { origin: service.address }, { "x-holdfast-request": "1" }])
    expect((await end(headers as Record<string, string>)).status).toBe(200);
  const login = { body: { ...service.first.admin, cookie: true }, headers: { origin: "https://evil.example" } };
  expect((await service.call("login", login)).code).toBe("request/cross-site");
});

test("a browser is logged out after two idle hours, and after twelve in any case", async () => {
  const service = await startTestService();
  const cookie = await cookieLogIn(service);
  const ask = async () => (await service.call("listUsers", withCookie(cookie))).code;
  for (let hours = 1.5; hours < 12; hours += 1.5) {
    service.clock.advance(1.5 * 3600_000);
    expect(await ask(), `after ${hours} hours`).toBeUndefined();
  }
  service.clock.advance(1.5 * 3600_000);
  expect(await ask()).toBe("token/invalid");
  const idle = await cookieLogIn(service);
  service.clock.advance(2 * 3600_000);
  expect((await service.call("listUsers", withCookie(idle))).code).toBe("token/invalid");
  const token = await service.logIn("admin");
  expect((await service.call("listLogIns", { token })).json.items).toHaveLength(1);
});

test("answers can be no pages, in no frame, and tell nobody where they came from", async () => {
  const service = await startTestService();
  for (const name of ["live", "listUsers"] as const) {
    const { headers } = await service.call(name);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect([headers.get("x-content-type-options"), headers.get("referrer-policy")]).toEqual(["nosniff", "no-referrer"]);
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("people see where they are logged in, and end one log-in or all others, nobody else's", async () => {
  const service = await startTestService();
  const [here, there, third] = [await service.logIn(), await service.logIn(), await service.logIn()];
  const admin = await service.logIn("admin");
  const { items } = (await service.call("listLogIns", { token: here })).json;
  expect(items.map(({ isThis }: { isThis: boolean }) => isThis)).toEqual([false, false, true]);
  expect(items[0]).toMatchObject({ address: "127.0.0.1", userAgent: "node", isCookie: false, actor: null });
  const end = (token: string, id: string) => service.call("endLogIn", { token, params: { token: id } });
  expect((await end(admin, items[1].id)).code).toBe("log-in/missing");
  expect((await end(here, items[1].id)).status).toBe(200);
  expect((await end(here, items[1].id)).code).toBe("log-in/missing");
  expect((await service.call("listLogIns", { token: there })).code).toBe("token/invalid");
  expect((await service.call("endOtherLogIns", { token: here })).status).toBe(200);
  expect((await service.call("listLogIns", { token: third })).code).toBe("token/invalid");
  expect((await service.call("listLogIns", { token: admin })).status).toBe(200);
});

test("an API token does what it was given, until it is revoked or its time is over", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const body = { name: "inventory", capabilities: ["users.view"], days: 30 };
  const made = (await service.call("createApiToken", { token, body })).json;
  const api = made.token;
  expect((await service.call("listUsers", { token: api })).status).toBe(200);
  expect((await service.call("listProductKeys", { token: api })).code).toBe("role/not-allowed");
  const listed = (await service.call("listApiTokens", { token })).json.items;
  expect(listed).toEqual(
    [{ ...made, token: undefined, lastUsedAt: new Date(service.clock.now()).toISOString() }].map(
      ({ token: _, ...rest }) => rest,
    ),
  );
  service.clock.advance(30 * 24 * 3600_000 - 1);
  expect((await service.call("listUsers", { token: api })).status).toBe(200);
  service.clock.advance(1);
  expect((await service.call("listUsers", { token: api })).code).toBe("token/invalid");
  const again = await service.logIn("admin");
  const second = (await service.call("createApiToken", { token: again, body })).json;
  const revoke = () => service.call("revokeApiToken", { token: again, params: { token: second.id } });
  expect([(await revoke()).status, (await revoke()).code]).toEqual([200, "log-in/missing"]);
  expect((await service.call("listUsers", { token: second.token })).code).toBe("token/invalid");
});

test("an API token makes no tokens, admins or log-ins, and lives no longer than a year", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const all = ["tokens.edit", "roles.create", "roles.edit", "users.act-as", "users.view"];
  const make = (by: string, more: object = {}) =>
    service.call("createApiToken", { token: by, body: { name: "all", capabilities: all, ...more } });
  expect((await make(token, { days: 367 })).code).toBe("request/malformed");
  expect((await make(token, { capabilities: ["organizations.view"] })).code).toBe("role/exceeds");
  expect((await make(await service.logIn())).code).toBe("role/not-allowed");
  const api = (await make(token)).json.token;
  expect((await make(api)).code).toBe("login/in-person");
  expect((await service.call("createRole", { token: api, body: {} })).code).toBe("login/in-person");
  expect((await service.call("enrolSecondFactor", { token: api })).code).toBe("login/in-person");
  expect((await service.call("prove", { token: api, body: {} })).code).toBe("login/in-person");
  const [user] = (await service.call("listUsers", { token: api })).json.items;
  expect((await service.call("actAs", { token: api, params: { user: user.id } })).code).toBe("login/in-person");
  service.clock.advance(5 * 60_000);
  expect((await make(token)).code).toBe("login/prove-again");
});
