/** A request whose body is large, through got. Loaded with the first of them: most commands send none, most backups small ones. */
import type { Agent } from "node:http";
import type { Agent as SecureAgent } from "node:https";
import got, { type Method } from "got";
import { TIMEOUTS_MS } from "./connections.ts";
import type { Incoming, Outgoing } from "./exchange.ts";
import type { RateLimit } from "./rate-limit.ts";

/** One write of this size at a time keeps the copying low and an abort prompt. */
const PIECE_BYTES = 1024 * 1024;

/** As `exchange`. */
export async function upload(agent: Agent, bytes: Buffer, outgoing: Omit<Outgoing, "body">): Promise<Incoming> {
  const { url, method, headers, limit, signal } = outgoing;
  const response = await got(url, {
    method: method as Method, // One of the route table's, which are all HTTP's.
    responseType: "buffer",
    retry: { limit: 0 }, // Whoever calls knows what may be repeated.
    throwHttpErrors: false,
    followRedirect: false,
    timeout: { connect: TIMEOUTS_MS.connect, socket: TIMEOUTS_MS.idle },
    agent: { http: agent, https: agent as SecureAgent }, // Made for the address, whichever it is (connections.ts).
    headers: { ...headers, "content-type": "application/octet-stream", "content-length": String(bytes.length) },
    body: pieces(bytes, limit, signal),
    ...(signal ? { signal } : {}),
  });
  const { buffer, byteOffset, length } = response.body;
  return { status: response.statusCode, headers: response.headers, body: Buffer.from(buffer, byteOffset, length) };
}

/** A fresh generator for each attempt: got is slow with large buffers and can't send a consumed body again. */
async function* pieces(bytes: Buffer, limit?: RateLimit, signal?: AbortSignal): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + (limit?.pieceBytes(PIECE_BYTES) ?? PIECE_BYTES));
    await limit?.take(piece.length, signal);
    yield piece;
    at += piece.length;
  }
}
