/** Requests that want to hurt: too large, too slow, too many, or no HTTP at all. Each gets an answer of ours, or none. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { verifyRecords } from "../../server-mock/domain/records/verify-records.ts";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

/** What the service says to these very bytes, until it ends the connection. */
async function said(service: TestService, text: string): Promise<{ status: number; code: string | undefined }> {
  const { port, hostname } = new URL(service.address);
  const socket = connect(Number(port), hostname);
  const pieces: string[] = [];
  socket.on("data", (piece) => pieces.push(piece.toString())).on("error", () => undefined);
  socket.write(text);
  await once(socket, "close");
  const answer = pieces.join("");
  const body = answer.split("\r\n\r\n")[1] ?? "";
  return { status: Number(answer.split(" ")[1]), code: body.startsWith("{") ? JSON.parse(body).error.code : undefined };
}

test("what is no HTTP, or has too large a head, is refused with a body of ours", async () => {
  const service = await startTestService();
  expect(await said(service, "HELO you\r\n\r\n")).toEqual({ status: 400, code: "request/malformed" });
  const head = `GET /v1/service HTTP/1.1\r\nhost: x\r\nx-large: ${"x".repeat(20_000)}\r\n\r\n`;
  expect(await said(service, head)).toEqual({ status: 431, code: "request/head-too-large" });
  const smuggled =
    "POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
  expect(await said(service, smuggled)).toEqual({ status: 400, code: "request/malformed" });
  expect((await service.call("live")).status).toBe(200);
});

test("an address that is too long is refused, whether there is such a route or not", async () => {
  const service = await startTestService();
  for (const path of ["/v1/service", "/nowhere"]) {
    const response = await fetch(`${service.address}${path}?x=${"x".repeat(5000)}`);
    expect([response.status, await response.json()]).toMatchObject([414, { error: { code: "request/url-too-long" } }]);
  }
});

test("NUL is refused everywhere; half a character is kept as the sign for one, and no record looks changed by it", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const make = (name: string) => service.call("createGroup", { token, body: { name } });
  expect((await make("a\0b")).code).toBe("request/malformed");
  expect((await service.call("listAudit", { token, query: { actor: "a\0" } })).code).toBe("request/malformed");
  expect((await make("a\ud800b")).json.name).toBe("a\ufffdb");
  expect((await verifyRecords(service.service.domain)).troubles).toEqual([]);
});

test("names end no line and don't turn the reading direction round; log-in names have nothing that nobody sees", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  for (const name of ["a\nb", "a\u2028b", "\u202egnp.exe", "a\u2067b"])
    expect((await service.call("createGroup", { token, body: { name } })).code).toBe("request/malformed");
  const add = (login: string) =>
    service.call("createAccount", { token, body: { login, email: "office@acme.example" } });
  expect((await add("j\u00fcrgen")).status).toBe(200);
  expect((await add("ju\u0308rgen")).code).toBe("account/exists");
  expect((await add("j\u00fcr\u200bgen")).code).toBe("request/malformed");
});

test("a body of another kind is refused with the kinds there are", async () => {
  const service = await startTestService();
  const headers = { "content-type": "text/plain" };
  const response = await fetch(`${service.address}/v1/login`, { method: "POST", headers, body: "{}" });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("application/json")]);
});

test("a body that drips is given up, and so is an upload, of which nothing is kept", async () => {
  const service = await startTestService({ pace: { everyMs: 50, bytesMin: 1000 } });
  const machine = await registerMachine(service);
  await machine.open();
  const login = "POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
  expect(await said(service, login)).toEqual({ status: 408, code: "request/too-slow" });
  const upload = [
    `PUT /v1/sessions/${machine.session.session}/packs/${"0".repeat(64)} HTTP/1.1`,
    "host: x",
    `authorization: Bearer ${machine.token}`,
    "content-type: application/octet-stream",
    "content-length: 100000",
    "",
    "x",
  ].join("\r\n");
  expect(await said(service, upload)).toEqual({ status: 408, code: "request/too-slow" });
  await expect.poll(() => service.service.domain.records.quota.listReservations()).toEqual([]);
});

test("more connections than are allowed are closed, and those that are open go on", async () => {
  const service = await startTestService({ config: { connections: 2 } });
  const { port, hostname } = new URL(service.address);
  const open = [connect(Number(port), hostname), connect(Number(port), hostname)];
  await Promise.all(open.map((socket) => once(socket, "connect")));
  const third = connect(Number(port), hostname).on("error", () => undefined);
  await once(third, "close");
  const [first] = open;
  first?.write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
  const [answer] = first === undefined ? [] : await once(first, "data");
  expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
  for (const socket of open) socket.destroy();
});

test("log-ins from one address are limited before a password is looked at, with the time to wait", async () => {
  const service = await startTestService({ config: { rateLogin: { count: 3, perMs: 60_000 } } });
  const login = (password: string) => service.call("login", { body: { email: service.first.admin.email, password } });
  for (let attempt = 0; attempt < 3; attempt++) expect((await login("wrong password")).code).toBe("login/wrong");
  const refused = await login(service.first.admin.password);
  expect([refused.status, refused.code, refused.headers.get("retry-after")]).toEqual([429, "request/too-many", "20"]);
  service.clock.advance(20_000);
  const allowed = await login(service.first.admin.password);
  expect([allowed.status, allowed.headers.get("ratelimit")]).toEqual([200, '"login";r=0;t=60']);
  expect(allowed.headers.get("ratelimit-policy")).toBe('"login";q=3;w=60');
});

test("one token's calls are limited, and another's go on", async () => {
  const service = await startTestService({ config: { rateConsole: { count: 2, perMs: 60_000 } } });
  const [mine, other] = [await service.logIn("admin"), await service.logIn("admin")];
  const codes = [];
  for (let call = 0; call < 3; call++) codes.push((await service.call("listUsers", { token: mine })).code);
  expect(codes).toEqual([undefined, undefined, "request/too-many"]);
  expect((await service.call("listUsers", { token: other })).status).toBe(200);
});

test("an address is limited over all it asks, also for what isn't there; a trusted proxy's callers each by their own", async () => {
  const rates = { rateAddress: { count: 2, perMs: 60_000 } };
  const alone = await startTestService({ config: rates });
  const statuses = async (service: TestService, ...addresses: string[]) => {
    const seen = [];
    for (const address of addresses) {
      const response = await fetch(`${service.address}/nowhere`, { headers: { "x-forwarded-for": address } });
      seen.push(response.status);
    }
    return seen;
  };
  // Nobody said that this machine is a proxy: what it says about others is not believed.
  expect(await statuses(alone, "192.0.2.1", "192.0.2.2", "192.0.2.3")).toEqual([404, 404, 429]);
  const behind = await startTestService({ config: { ...rates, trustProxy: ["loopback"] } });
  expect(await statuses(behind, "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")).toEqual([404, 404, 429, 404]);
  // Only the last hop was added by our proxy; what stands before it is the caller's own word.
  expect(await statuses(behind, "192.0.2.9, 192.0.2.1")).toEqual([429]);
});
