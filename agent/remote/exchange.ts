/** One request and its whole answer over a kept connection. Node's own HTTP, because most commands make a few short calls only. */
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { TIMEOUTS_MS } from "./connections.ts";
import type { RateLimit } from "./rate-limit.ts";

export interface Outgoing {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** How fast bytes may travel: those of an upload, or of the answer. */
  readonly limit?: RateLimit | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Rejects with what the network said, with its `code`. */
export function exchange(agent: Agent, outgoing: Outgoing): Promise<Incoming> {
  const { url, method, headers, body, signal } = outgoing;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers, ...(signal ? { signal } : {}) });
    sent.once("error", reject);
    sent.setTimeout(TIMEOUTS_MS.idle, () => sent.destroy(timedOut()));
    sent.once("socket", (socket) => {
      if (!socket.connecting) return;
      const giveUp = setTimeout(() => sent.destroy(timedOut()), TIMEOUTS_MS.connect);
      for (const event of ["connect", "close"] as const) socket.once(event, () => clearTimeout(giveUp));
    });
    sent.once("response", (answer) => {
      wholeBody(answer, outgoing).then(
        (whole) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: whole }),
        reject,
      );
    });
    sent.end(body);
  });
}

/** Above this an announced length is not believed before it has come. */
const BELIEVED_BYTES_MAX = 64 * 1024 * 1024;

/** Twice what the largest answer has, a whole pack: a service that never stops sending fills no memory. */
const ANSWER_BYTES_MAX = 128 * 1024 * 1024;

/** Received into one buffer when its length is told; the pieces are 64 KiB each and would be held twice otherwise. */
function wholeBody(answer: IncomingMessage, { limit, signal }: Outgoing): Promise<Buffer> {
  const told = Number(answer.headers["content-length"] ?? Number.NaN);
  const whole = told <= BELIEVED_BYTES_MAX ? Buffer.allocUnsafeSlow(told) : undefined;
  const pieces: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    if (told > ANSWER_BYTES_MAX) answer.destroy(endless());
    answer.on("data", (piece: Buffer) => {
      if (length + piece.length > ANSWER_BYTES_MAX) {
        answer.destroy(endless());
        return;
      }
      if (whole) piece.copy(whole, length);
      else pieces.push(piece);
      length += piece.length;
      if (!limit) return;
      answer.pause(); // What is not read here waits in the network, and stops the service.
      limit.take(piece.length, signal).then(
        () => answer.resume(),
        () => answer.destroy(),
      );
    });
    answer.once("end", () => resolve(whole ? whole.subarray(0, length) : Buffer.concat(pieces)));
    answer.once("error", reject);
  });
}

const endless = (): NodeJS.ErrnoException => Object.assign(new Error("its answer does not end"), { code: "EMSGSIZE" });
const timedOut = (): NodeJS.ErrnoException => Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
