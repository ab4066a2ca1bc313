/**
 * The HTTP server without routes: connections, limits, request ids, the log line of each call, and the one place where an error
 * becomes an answer.
 */
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Random } from "../../base/random.ts";
import { asHoldfastError, HoldfastError, toErrorBody } from "../../protocol/errors.ts";
import { JSON_BYTES_MAX } from "../../protocol/limits.ts";
import { parseJson } from "./json-body.ts";

const IDLE_BODY_MS = 60_000;
const HEADERS_MS = 30_000;
const KEEP_ALIVE_MS = 75_000;
const RETRY_AFTER_SECONDS = 5;

export interface HttpServerOptions {
  readonly log: FastifyBaseLogger;
  readonly random: Random;
  /** PEM; plain HTTP without it. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** While true, new calls are refused. */
  readonly isStopping: () => boolean;
}

export function httpServer({ log, random, tls, isStopping }: HttpServerOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => random(8).toString("hex"),
    bodyLimit: JSON_BYTES_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_MS },
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: (error, request, reply) => {
      const known = explain(error, request);
      reply.hijack(); // Before there is a route: no hooks, no error handler.
      reply.raw.writeHead(known.status, { "content-type": "application/json; charset=utf-8" });
      reply.raw.end(JSON.stringify({ error: toErrorBody(known, request.id) }));
    },
    ...(tls === undefined ? {} : { https: { ...tls, minVersion: "TLSv1.3", headersTimeout: HEADERS_MS } }),
  }) as FastifyInstance; // Fastify types HTTP and HTTPS apart; nothing here tells them apart.

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, async (_: FastifyRequest, body: string) =>
    body === "" ? undefined : parseJson(body),
  );
  // Bodies of bytes stay streams: the handler reads them, or nobody does.
  app.addContentTypeParser("application/octet-stream", async (_: FastifyRequest, payload: unknown) => payload);

  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    reply.header("cache-control", "no-store");
    const { socket } = request.raw;
    socket.setTimeout(IDLE_BODY_MS); // Without a listener of our own, Node ends the connection.
    request.raw.once("end", () => socket.setTimeout(0));
    if (isStopping()) throw new HoldfastError("service/stopping");
  });
  app.addHook("onSend", async (_, reply) => {
    // Else a stop would wait for connections that nobody uses any more.
    if (isStopping()) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime);
    request.log.info({ method, route: routeOptions.url, status: reply.statusCode, ms, address: request.ip }, "call");
  });

  app.setNotFoundHandler((request) => {
    throw new HoldfastError("route/missing", { method: request.method, path: request.url.split("?")[0] ?? "" });
  });
  app.setErrorHandler<FastifyError | Error>((error, request, reply) => {
    const known = explain(error, request);
    // What is left of a refused upload is read and thrown away, so that the answer arrives and the connection lives on.
    request.raw.resume();
    if (known.kind === "unavailable") reply.header("retry-after", RETRY_AFTER_SECONDS);
    return reply
      .status(known.status === 0 ? 500 : known.status)
      .type("application/json; charset=utf-8")
      .send({ error: toErrorBody(known, request.id) });
  });
  return app;
}

function explain(error: FastifyError | Error, request: FastifyRequest): HoldfastError {
  if (error instanceof HoldfastError && error.kind !== "bug") {
    if (error.status >= 500) request.log.warn({ code: error.code, cause: error.cause }, error.message);
    return error;
  }
  const code = "code" in error ? error.code : undefined;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    const limit = request.routeOptions.bodyLimit ?? JSON_BYTES_MAX;
    return new HoldfastError("request/too-large", { limit });
  }
  const status = "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return new HoldfastError("request/malformed", { reason: error.message });
  if (request.raw.aborted || request.raw.destroyed) {
    request.log.info("the caller went away");
    return new HoldfastError("request/malformed", { reason: "the connection broke" });
  }
  request.log.error({ err: asHoldfastError(error), cause: error }, "a call failed");
  return new HoldfastError("service/failed", { request: request.id });
}
