import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Clock } from "../../base/clock.ts";
import { agentRemote, restoreRemote } from "./http-remote.ts";
import { RateLimit } from "./rate-limit.ts";

const RATE = 5_000_000;
const SIZE = 3_000_000;
const pack = "ab".repeat(32);

/** Time passes only while somebody sleeps, so it is what pacing alone takes. */
function pacingClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      await nextTurn();
      now += ms;
    },
  };
}

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ url: string }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}` };
}

/** Takes packs and says at every piece how many bytes have come in all. */
const takePacks = (onBytes: (total: number) => void) => {
  let total = 0;
  return serve((request, response) => {
    request.on("data", (piece: Buffer) => {
      total += piece.length;
      onBytes(total);
    });
    request.once("end", () => response.end('{"bytes":1,"known":false}'));
  });
};

test("uploads together stay below the limit at every moment, and meet it within 5 %", async () => {
  const clock = pacingClock();
  const limit = new RateLimit(clock, RATE);
  let most = 0;
  const address = await takePacks((total) => {
    most = Math.max(most, total - (clock.now() * RATE) / 1000);
  });
  const remote = agentRemote(address, "token", limit);
  const bytes = Buffer.alloc(SIZE, 1);
  await Promise.all([1, 2, 3].map(() => remote.putPack("session", pack, bytes)));
  expect(most).toBeLessThanOrEqual(RATE / 20 + limit.pieceBytes(SIZE));
  const expected = (3 * SIZE * 1000) / RATE;
  expect(clock.now()).toBeGreaterThan(expected * 0.95);
  expect(clock.now()).toBeLessThan(expected * 1.05);
});

test("what is read of packs comes no faster than the limit, and threads don't read past it", async () => {
  const clock = pacingClock();
  const address = await serve((_, response) => response.end(Buffer.alloc(SIZE, 2)));
  const remote = restoreRemote(address, "token", new RateLimit(clock, RATE));
  expect(remote.ranges).toBeUndefined();
  const read = await Promise.all([0, 1].map(() => remote.packRange(pack, 0, SIZE)));
  for (const bytes of read) expect(bytes.equals(Buffer.alloc(SIZE, 2))).toBe(true);
  const expected = (2 * SIZE * 1000) / RATE;
  expect(clock.now()).toBeGreaterThan(expected * 0.95);
  expect(clock.now()).toBeLessThan(expected * 1.05);
});

test("a cancelled upload that waits for its turn ends at once, with the reason it was given", async () => {
  const sleeping = Promise.withResolvers<void>();
  const clock: Clock = {
    now: () => 0,
    sleep: (_, signal) =>
      new Promise((_resolve, reject) => {
        sleeping.resolve();
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  const address = await takePacks(() => undefined);
  const cancel = new AbortController();
  const remote = agentRemote(address, "token", new RateLimit(clock, 1024));
  const upload = remote.putPack("session", pack, Buffer.alloc(SIZE), cancel.signal);
  const seen = expect(upload).rejects.toThrow("enough");
  await sleeping.promise;
  cancel.abort(new Error("enough"));
  await seen;
});
