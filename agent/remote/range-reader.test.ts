import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { RangeReader } from "./range-reader.ts";

/** Answers each request with what `answer` gives, in these pieces. */
async function serve(answer: (request: string) => readonly (string | Buffer)[], { isEnding = false } = {}) {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    let head = "";
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      head += bytes;
      if (!head.endsWith("\r\n\r\n")) return;
      requests.push(head);
      const pieces = answer(head);
      head = "";
      const send = (at: number): void => {
        const piece = pieces[at];
        if (piece !== undefined) socket.write(piece, () => setImmediate(send, at + 1));
        else if (isEnding) socket.end();
      };
      send(0);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // It listens on a port.
  const reader = new RangeReader({ url: `http://127.0.0.1:${port}/below/`, path: "/packs/{pack}", token: "secret" });
  onTestFinished(() => {
    reader[Symbol.dispose]();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { reader, requests, sockets };
}

const headOf = (length: number, { status = "206 Partial Content", more = "" } = {}) =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/octet-stream\r\nContent-Length: ${length}\r\n${more}\r\n`;

const rangeOf = (request: string): [number, number] => {
  const [, from = "", to = ""] = /range: bytes=(\d+)-(\d+)/.exec(request) ?? [];
  return [Number(from), Number(to) + 1];
};

test("a range is asked for by its bounds and the token, on one connection", async () => {
  const bytes = randomBytes(100_000);
  const { reader, requests, sockets } = await serve((request) => {
    const part = bytes.subarray(...rangeOf(request));
    return [headOf(part.length), part];
  });
  for (const [offset, length] of [
    [0, 1],
    [17, 5_000],
    [0, 100_000],
  ] as const) {
    const into = Buffer.alloc(length);
    await reader.read("abc", offset, into);
    expect(into.equals(bytes.subarray(offset, offset + length))).toBe(true);
  }
  expect(sockets.size).toBe(1);
  expect(requests[1]).toMatch(/^GET \/below\/packs\/abc HTTP\/1\.1\r\n/);
  expect(requests[1]).toContain("\r\nauthorization: Bearer secret\r\n");
  expect(requests[1]).toContain("\r\nrange: bytes=17-5016\r\n");
});

test("wherever the network cuts an answer, the same bytes arrive", async () => {
  let cuts: readonly number[] = [];
  const bytes = randomBytes(2_000);
  const { reader } = await serve(() => {
    const whole = Buffer.concat([Buffer.from(headOf(bytes.length)), bytes]);
    const at = [0, ...cuts.map((cut) => cut % whole.length).sort((a, b) => a - b), whole.length];
    return at.slice(1).map((end, index) => whole.subarray(at[index], end));
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(2_200), { maxLength: 6 }), async (given) => {
      cuts = given;
      const into = Buffer.alloc(bytes.length);
      await reader.read("abc", 0, into);
      expect(into.equals(bytes)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ["another status", [headOf(10, { status: "200 OK" }), "0123456789"]],
  ["an error", [headOf(10, { status: "404 Not Found" }), "0123456789"]],
  ["another length", [headOf(9), "012345678"]],
  ["more bytes than announced", [`${headOf(10)}0123456789x`]],
  ["pieces of unknown length", [headOf(10, { more: "transfer-encoding: chunked\r\n" }), "a\r\n0123456789\r\n"]],
  ["compressed bytes", [headOf(10, { more: "content-encoding: gzip\r\n" }), "0123456789"]],
  ["a head without an end", ["x".repeat(20_000)]],
  ["an older protocol", ["HTTP/1.0 206 Partial\r\ncontent-length: 10\r\n\r\n0123456789"]],
])("%s is no range", async (_, answer) => {
  const { reader } = await serve(() => answer);
  await expect(reader.read("abc", 0, Buffer.alloc(10))).rejects.toThrow();
});

test("a connection that is to be closed is used once", async () => {
  const { reader, sockets } = await serve(() => [headOf(10, { more: "Connection: close\r\n" }), "0123456789"]);
  for (let round = 1; round <= 3; round++) {
    const into = Buffer.alloc(10);
    await reader.read("abc", 0, into);
    expect(into.toString()).toBe("0123456789");
    expect(sockets.size).toBe(round);
  }
});

test("after a broken answer the next range comes over a new connection", async () => {
  let count = 0;
  const { reader, requests, sockets } = await serve(() => [headOf(10), count++ === 0 ? "01234" : "0123456789"]);
  const broken = expect(reader.read("abc", 0, Buffer.alloc(10))).rejects.toThrow();
  while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  for (const socket of sockets) socket.end();
  await broken;
  const into = Buffer.alloc(10);
  await reader.read("abc", 0, into);
  expect(into.toString()).toBe("0123456789");
  expect(sockets.size).toBe(2);
});

test("who is given up while reading is told, and so is who can't connect", async () => {
  const { reader, requests } = await serve(() => [headOf(10), "01234"]);
  const reading = expect(reader.read("abc", 0, Buffer.alloc(10))).rejects.toThrow("given up");
  while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  reader[Symbol.dispose]();
  await reading;
  await expect(reader.read("abc", 0, Buffer.alloc(10))).rejects.toThrow();
  using nobody = new RangeReader({ url: "http://127.0.0.1:1/", path: "/{pack}", token: "" });
  await expect(nobody.read("abc", 0, Buffer.alloc(10))).rejects.toThrow();
});
