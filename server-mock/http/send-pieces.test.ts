import { once } from "node:events";
import { connect } from "node:net";
import fastify from "fastify";
import { expect, test } from "vitest";
import { sendPieces } from "./send-pieces.ts";

test("a caller who takes nothing is let go, and what was open for it ends", async () => {
  const app = fastify();
  const ended = Promise.withResolvers<unknown>();
  const piece = Buffer.alloc(1024 * 1024);
  app.get("/", async (_, reply) => {
    const pour = async (write: (piece: Uint8Array) => Promise<void>): Promise<void> => {
      for (;;) await write(piece);
    };
    await sendPieces(reply, (write) => pour(write).catch(ended.resolve), 100);
  });
  const port = Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port);
  const caller = connect(port, "127.0.0.1");
  await once(caller, "connect");
  caller.pause();
  caller.on("error", () => undefined);
  caller.write("GET / HTTP/1.1\r\nhost: service\r\n\r\n");
  expect(await ended.promise).toBeInstanceOf(Error);
  caller.destroy();
  await app.close();
});
