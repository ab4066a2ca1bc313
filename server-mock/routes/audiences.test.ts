import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type Audience, ROUTES, type RouteName } from "../../protocol/routes.ts";
import { registerMachine } from "../../test/support/test-machine.ts";
import { startTestService } from "../../test/support/test-service.ts";

const routes = Object.entries(ROUTES) as [RouteName, { audience: readonly Audience[] }][];
const params = {
  session: randomUUID(),
  pack: "0".repeat(64),
  machine: "0".repeat(32),
  user: randomUUID(),
  key: randomUUID(),
  sequence: 1,
};

test("each route asks for a token of its own audience, before it looks at anything else", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const console = await service.logIn();
  const restore = (await machine.restore(console)).json.token;
  const tokens: Record<Exclude<Audience, "none">, string> = { agent: machine.token, console, restore };
  for (const [name, { audience }] of routes) {
    if (audience.includes("none")) continue;
    expect((await service.call(name, { params })).code, name).toBe("token/missing");
    expect((await service.call(name, { params, token: "x".repeat(43) })).code, name).toBe("token/invalid");
    for (const [held, token] of Object.entries(tokens)) {
      const { code, status } = await service.call(name, { params, token });
      if (audience.some((each) => each === held))
        expect([401, 403], `${name} for ${held}`).not.toContain(roleless(status, code));
      else expect(code, `${name} for ${held}`).toBe("token/wrong-audience");
    }
    if (name === "logout") tokens.console = await service.logIn();
  }
});

/** A role that isn't enough is another matter than the token. */
const roleless = (status: number, code: string | undefined): number => (code === "role/not-allowed" ? 0 : status);

test("every answer carries a request id, and an error repeats it", async () => {
  const service = await startTestService();
  const live = await service.call("live");
  expect(live.headers.get("x-request-id")).toMatch(/^[0-9a-f]{16}$/);
  const refused = await service.call("ownMachine");
  expect(refused.json.error.requestId).toBe(refused.headers.get("x-request-id"));
  expect(refused.json.error).toMatchObject({
    code: "token/missing",
    message: expect.any(String),
    hint: expect.any(String),
  });
});

test("an unknown path or method is route/missing", async () => {
  const service = await startTestService();
  for (const [method, path] of [
    ["GET", "/v2/service"],
    ["DELETE", "/v1/service"],
    ["GET", "/../../etc/passwd"],
    ["GET", `/v1/machines/${"a".repeat(200)}`], // No id is so long.
  ]) {
    const response = await fetch(`${service.address}${path}`, { method: method ?? "" });
    expect(response.status).toBe(404);
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe("route/missing");
  }
});

test("a path that can't be read is refused as all else", async () => {
  const service = await startTestService();
  const response = await fetch(`${service.address}/%ff`);
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: "request/malformed" } }]);
});

test("a malformed request is told which field is wrong", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { token } = machine;
  const body = { type: "Manual", idempotencyKey: randomUUID(), agentVersion: "1" };
  const cases = [
    [{ ...body, type: "Yearly" }, "type"],
    [{ ...body, idempotencyKey: "x" }, "idempotencyKey"],
    [{ ...body, more: 1 }, "more"],
    [{}, "type"],
    [[], ""],
    [undefined, "type"],
  ] as const;
  for (const [sent, field] of cases) {
    const refused = await service.call("openSession", { token, body: sent });
    expect(refused.code).toBe("request/malformed");
    expect(refused.json.error.data.field).toBe(field);
  }
  const badId = await service.call("getPack", { token, params: { pack: "zz" } });
  expect(badId.code).toBe("token/wrong-audience");
  const badSession = await service.call("commitSession", { token, params: { session: "zz" }, body: {} });
  expect([badSession.code, badSession.json.error.data.field]).toEqual(["request/malformed", "session"]);
  const badLimit = await service.call("listOwnBackups", { token, query: { limit: 501 } });
  expect([badLimit.code, badLimit.json.error.data.field]).toEqual(["request/malformed", "limit"]);
});

test("bodies that are no JSON, too deep or too large are refused", async () => {
  const service = await startTestService();
  const post = async (body: string, type = "application/json") => {
    const response = await fetch(`${service.address}/v1/login`, {
      method: "POST",
      body,
      headers: { "content-type": type },
    });
    return ((await response.json()) as { error: { code: string } }).error.code;
  };
  expect(await post("{")).toBe("request/malformed");
  expect(await post("[".repeat(33) + "]".repeat(33))).toBe("request/malformed");
  expect(await post("[".repeat(900_000))).toBe("request/malformed");
  expect(await post(`"${"x".repeat(1024 * 1024)}"`)).toBe("request/too-large");
  expect(await post("email=a", "application/x-www-form-urlencoded")).toBe("request/malformed");
  expect(await post('{"__proto__":{"email":"a@b.cc"},"password":"x"}')).toBe("request/malformed");
});

test("an upload without a length, with a wrong type or beyond the largest pack is refused", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const path = `${service.address}/v1/sessions/${machine.session.session}/packs/${"0".repeat(64)}`;
  const put = async (body: NonNullable<RequestInit["body"]>, headers: Record<string, string>) => {
    const authorization = `Bearer ${machine.token}`;
    const init = { method: "PUT", body, headers: { authorization, ...headers }, duplex: "half" };
    return ((await (await fetch(path, init as RequestInit)).json()) as { error: { code: string } }).error.code;
  };
  const stream = new Blob(["x"]).stream();
  expect(await put(stream, { "content-type": "application/octet-stream" })).toBe("request/malformed");
  expect(await put("{}", { "content-type": "application/json" })).toBe("request/malformed");
  const large = Buffer.alloc(64 * 1024 * 1024 + 1);
  expect(await put(large, { "content-type": "application/octet-stream" })).toBe("request/too-large");
});
