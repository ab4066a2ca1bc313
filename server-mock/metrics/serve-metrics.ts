/**
 * `GET /metrics`: for whoever has the token of its own; without one, for this machine only. Not in the table of routes: it is no part of the API. The
 * library is loaded after the service listens; what happens before is counted later.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { equalSecrets } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Domain } from "../domain/domain.ts";
import type { CallMeter } from "../http/call-meter.ts";
import { isLoopback } from "../settings/listen.ts";
import { countFigures } from "./figures.ts";
import type { Metrics } from "./metrics.ts";

export interface ServeMetrics {
  onTurn(job: string, turn: { readonly ms: number; readonly error?: unknown }): void;
}

export function serveMetrics(
  app: FastifyInstance,
  { domain, meter, token }: { domain: Domain; meter: CallMeter; token: string | undefined },
): ServeMetrics {
  const metrics = load(domain, meter);
  app.get("/metrics", async (request, reply) => {
    checkCaller(request, token);
    const { contentType, text } = await metrics;
    return reply.type(contentType).send(await text());
  });
  return {
    onTurn(job, { ms, error }) {
      const turn = { ms, at: domain.clock.now(), isFailed: error !== undefined };
      void metrics.then(({ countTurn }) => countTurn(job, turn));
    },
  };
}

async function load(domain: Domain, meter: CallMeter): Promise<Metrics> {
  // The socket comes first.
  await new Promise((resolve) => setImmediate(resolve));
  const { makeMetrics } = await import("./metrics.ts");
  const metrics = makeMetrics({ running: () => meter.running, figures: countFigures(domain) });
  meter.tell((call) => metrics.countCall(call));
  return metrics;
}

function checkCaller(request: FastifyRequest, token: string | undefined): void {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token !== undefined) {
    if (given === undefined) throw new HoldfastError("token/missing");
    if (!equalSecrets(Buffer.from(given), Buffer.from(token))) throw new HoldfastError("token/invalid");
    return;
  }
  // Through a proxy on this machine everybody comes from here.
  const isForwarded = request.headers["x-forwarded-for"] !== undefined || request.headers.forwarded !== undefined;
  const from = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  if (isForwarded || !isLoopback(from)) throw new HoldfastError("route/missing", { method: "GET", path: "/metrics" });
}
