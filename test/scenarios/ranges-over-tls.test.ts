/** Threads that read by themselves trust nobody but who has the key that the fingerprint is of. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RangeReader } from "../../agent/remote/range-reader.ts";
import { systemClock } from "../../base/clock.ts";
import { systemRandom } from "../../base/random.ts";
import { type Certificate, fingerprintOf, makeCertificate } from "../../server-mock/http/certificate.ts";

let certificate: Certificate;
beforeAll(async () => {
  certificate = await makeCertificate(["127.0.0.1"], systemClock.now(), systemRandom);
});

const bytes = randomBytes(1_000_000);
const heard: string[] = [];
let server: ReturnType<typeof createServer>;
let url = "";
beforeAll(async () => {
  server = createServer({ ...certificate, minVersion: "TLSv1.3" }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (request) => {
      heard.push(String(request));
      socket.write(`HTTP/1.1 206 Partial Content\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes);
    });
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // It listens on a port.
  url = `https://127.0.0.1:${port}`;
});
afterAll(() => void server.close());

test("with the right fingerprint a range arrives", async () => {
  using reader = new RangeReader({
    url,
    path: "/{pack}",
    token: "secret",
    fingerprint: fingerprintOf(certificate.cert),
  });
  for (let round = 0; round < 3; round++) {
    const into = Buffer.alloc(bytes.length);
    await reader.read("abc", 0, into);
    expect(into.equals(bytes)).toBe(true);
  }
  expect(heard).toHaveLength(3);
});

test.each([
  ["another fingerprint", { fingerprint: "ab".repeat(32) }],
  ["no fingerprint, and no authority that vouches", {}],
])("with %s nothing is sent", async (_, trust) => {
  heard.length = 0;
  using reader = new RangeReader({ url, path: "/{pack}", token: "secret", ...trust });
  await expect(reader.read("abc", 0, Buffer.alloc(10))).rejects.toThrow();
  expect(heard).toEqual([]);
});
