/** Bodies that drip: a connection is held only for a caller who sends. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { HoldfastError, toErrorBody } from "../../protocol/errors.ts";

export interface Pace {
  /** How often it is looked at. */
  readonly everyMs: number;
  /** What must arrive in between while we wait for more. */
  readonly bytesMin: number;
}

/** A line of 8 kbit/s. */
export const PACE: Pace = { everyMs: 30_000, bytesMin: 30_000 };

/** Answers 408 and ends the connection when less comes. While it is ours that are slow (its buffer holds bytes that we did not take) nobody is blamed. */
export function watchBody(request: FastifyRequest, reply: FastifyReply, { everyMs, bytesMin }: Pace): void {
  const { raw } = request;
  const { socket } = raw;
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    const arrived = socket.bytesRead - seen;
    seen = socket.bytesRead;
    if (raw.complete || raw.readableLength > 0 || arrived >= bytesMin) return;
    clearInterval(timer);
    refuse(request, reply);
  }, everyMs).unref();
  const done = () => clearInterval(timer);
  raw.once("end", done).once("close", done);
}

function refuse(request: FastifyRequest, reply: FastifyReply): void {
  const error = new HoldfastError("request/too-slow");
  request.log.info({ code: error.code }, error.message);
  if (reply.sent || reply.raw.headersSent) {
    request.raw.destroy();
    return;
  }
  reply.hijack();
  const body = JSON.stringify({ error: toErrorBody(error, request.id) });
  const headers = { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(body) };
  reply.raw.writeHead(error.status, { ...headers, connection: "close" });
  reply.raw.end(body, () => request.raw.destroy());
}
