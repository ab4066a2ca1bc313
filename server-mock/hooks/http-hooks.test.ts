import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { httpHooks, type LookUp } from "./http-hooks.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  // A listening TCP server has an address of this shape.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const call = (url: string) => ({ url, headers: { "x-one": "1" }, body: '{"ü":1}' });
const open = httpHooks({ allowPrivate: true, answerMs: 60_000 });
const strict = httpHooks({ allowPrivate: false });

test("a call arrives as it is, and any 2xx is a delivery", async () => {
  const got: string[] = [];
  const url = await serve(async (request, response) => {
    const pieces = await Array.fromAsync(request);
    got.push(
      `${request.method} ${request.url} ${request.headers["x-one"]} ${request.headers["content-type"]} ${Buffer.concat(pieces)}`,
    );
    response.writeHead(202).end();
  });
  expect(await open.send(call(`${url}/hook?a=b`))).toEqual({ kind: "delivered", status: 202 });
  expect(got).toEqual(['POST /hook?a=b 1 application/json {"ü":1}']);
});

test.each([400, 404, 500, 503])("an answer of %i is a failure", async (status) => {
  const url = await serve((_, response) => void response.writeHead(status).end());
  expect(await open.send(call(url))).toEqual({ kind: "failed", status, reason: `it answered ${status}` });
});

test("a redirect is not followed", async () => {
  let reached = 0;
  const target = await serve((_, response) => {
    reached++;
    response.end();
  });
  const url = await serve((_, response) => void response.writeHead(307, { location: target }).end());
  expect(await open.send(call(url))).toMatchObject({ kind: "failed", status: 307 });
  expect(reached).toBe(0);
});

test("an answer without an end costs nothing: only its head is waited for", async () => {
  const url = await serve((_, response) => void response.writeHead(200).write("x".repeat(100_000)));
  expect(await open.send(call(url))).toEqual({ kind: "delivered", status: 200 });
});

test("a server that says nothing, breaks off or isn't there fails in time", async () => {
  const silent = await serve(() => undefined);
  const hasty = httpHooks({ allowPrivate: true, answerMs: 300 });
  expect(await hasty.send(call(silent))).toMatchObject({ kind: "failed", reason: "no answer within 0.3 seconds" });
  const rude = await serve((request) => void request.socket.destroy());
  expect(await open.send(call(rude))).toMatchObject({ kind: "failed", status: null });
  expect(await open.send(call("http://127.0.0.1:1"))).toMatchObject({ kind: "failed", status: null });
});

test.each([
  "http://example.com",
  "https://127.0.0.1/",
  "https://[::1]/",
  "https://10.0.0.1:8443/",
  "https://0x7f000001/",
  "https://2130706433/",
  "https://[::ffff:127.0.0.1]/",
  "https://169.254.169.254/latest/meta-data",
  "https://localhost/",
  "https://api.localhost/",
  "https://localhost./",
  "https://user:secret@example.com/",
  "ftp://example.com",
  "nonsense",
])("%s is refused, whoever asks", async (url) => {
  expect(strict.refusal(url)).toBeDefined();
  expect(await strict.send(call(url))).toMatchObject({ kind: "failed", status: null });
});

test("a public name is allowed; what it means is looked at when connecting", () => {
  expect(strict.refusal("https://hooks.example.com/x?y=z")).toBeUndefined();
});

test("a name that means a private address is refused when it is connected to, whatever it meant before", async () => {
  let asked = 0;
  const lookUp: LookUp = (_, __, callback) => {
    asked++;
    callback(null, [
      { address: "127.0.0.1", family: 4 },
      { address: "fd00::1", family: 6 },
    ]);
  };
  const hooks = httpHooks({ allowPrivate: false, lookUp });
  const outcome = await hooks.send(call("https://rebound.example/"));
  expect(outcome).toMatchObject({ kind: "failed", status: null, reason: expect.stringContaining("not a public one") });
  expect(asked).toBe(1);
});
