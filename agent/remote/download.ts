/** An answer of bytes that comes piece by piece, no faster than it is taken. Loaded with the first of them. */
import { type Agent, type IncomingMessage, request } from "node:http";
import { TIMEOUTS_MS } from "./connections.ts";
import type { Outgoing } from "./exchange.ts";

/** Rejects, and breaks off, with what the network said, with its `code`. A refusal comes whole. */
export async function download(agent: Agent, outgoing: Outgoing): Promise<{ status: number; body: IncomingMessage }> {
  const { url, method, headers, signal } = outgoing;
  return await new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers, ...(signal ? { signal } : {}) });
    sent.once("error", reject);
    // The service opens the backups before it answers.
    sent.setTimeout(TIMEOUTS_MS.idle, () =>
      sent.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })),
    );
    sent.once("response", (body) => resolve({ status: body.statusCode ?? 0, body }));
    sent.end();
  });
}
