/**
 * The HTTP server without routes: connections, limits, request ids, the log line of each call, and the one place where an error
 * becomes an answer.
 */
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Random } from "../../base/random.ts";
import { HoldfastError, toErrorBody } from "../../protocol/errors.ts";
import { JSON_BYTES_MAX } from "../../protocol/limits.ts";
import { HEAD_BYTES_MAX, refuseBroken } from "./broken-requests.ts";
import { securityHeaders } from "./browser.ts";
import type { CallMeter } from "./call-meter.ts";
import { errorBody, explain, retryAfter } from "./explain.ts";
import { parseJson } from "./json-body.ts";
import { placeOf, type RateLimits } from "./rate-limits.ts";
import { PACE, type Pace, watchBody } from "./slow-bodies.ts";

const IDLE_BODY_MS = 60_000;
const HEADERS_MS = 30_000;
const KEEP_ALIVE_MS = 75_000;
const URL_CHARACTERS_MAX = 4096;
/** Answers even while it stops, so that nobody kills what is ending in peace. */
const LIVE = "/health/live";
const WATCHERS: ReadonlySet<string> = new Set([LIVE, "/health/ready", "/metrics"]);

export interface HttpServerOptions {
  readonly log: FastifyBaseLogger;
  readonly random: Random;
  /** PEM; plain HTTP without it. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** While true, new calls are refused. */
  readonly isStopping: () => boolean;
  readonly limits: RateLimits;
  /** At a time; more are closed at once. */
  readonly connectionsMax: number;
  /** Whose `X-Forwarded-For` is believed. */
  readonly trustProxy: readonly string[];
  readonly meter: CallMeter;
  /** For tests. */
  readonly pace?: Pace | undefined;
}

export function httpServer(options: HttpServerOptions): FastifyInstance {
  const { log, random, tls, trustProxy, connectionsMax } = options;
  const http = { headersTimeout: HEADERS_MS, maxHeaderSize: HEAD_BYTES_MAX };
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => random(8).toString("hex"),
    bodyLimit: JSON_BYTES_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    routerOptions: { maxParamLength: 128 },
    clientErrorHandler: refuseBroken,
    frameworkErrors: (error, request, reply) => {
      const known = explain(error, request);
      reply.hijack(); // Before there is a route: no hooks, no error handler.
      reply.raw.writeHead(known.status, {
        ...securityHeaders(request),
        "content-type": "application/json; charset=utf-8",
      });
      reply.raw.end(JSON.stringify({ error: toErrorBody(known, request.id) }));
    },
    ...(tls === undefined ? {} : { https: { ...tls, ...http, minVersion: "TLSv1.3" } }),
  }) as FastifyInstance; // Fastify types HTTP and HTTPS apart; nothing here tells them apart.

  app.server.maxConnections = connectionsMax;
  takeBodies(app);
  watchCalls(app, options);
  app.setNotFoundHandler((request) => {
    throw new HoldfastError("route/missing", { method: request.method, path: request.url.split("?")[0] ?? "" });
  });
  app.setErrorHandler<FastifyError | Error>((error, request, reply) => {
    const known = explain(error, request);
    // What is left of a refused upload is read and thrown away, so that the answer arrives and the connection lives on.
    request.raw.resume();
    const seconds = retryAfter(known);
    if (seconds !== undefined) reply.header("retry-after", seconds);
    return reply
      .status(known.status === 0 ? 500 : known.status)
      .type("application/json; charset=utf-8")
      .send({ error: errorBody(known, request) });
  });
  return app;
}

function takeBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, async (_: unknown, body: string) =>
    body === "" ? undefined : parseJson(body),
  );
  // Bodies of bytes stay streams: the handler reads them, or nobody does.
  app.addContentTypeParser("application/octet-stream", async (_: unknown, payload: unknown) => payload);
}

/** In the order in which a call meets them. */
function watchCalls(app: FastifyInstance, { isStopping, limits, meter, pace = PACE }: HttpServerOptions): void {
  app.addHook("onRequest", async (request, reply) => {
    meter.begin();
    reply.raw.once("close", () => endCall(request, reply, meter));
    reply.header("x-request-id", request.id);
    reply.header("cache-control", "no-store");
    reply.headers(securityHeaders(request));
    const { socket } = request.raw;
    socket.setTimeout(IDLE_BODY_MS); // Without a listener of our own, Node ends the connection.
    request.raw.once("end", () => socket.setTimeout(0));
    watchBody(request, reply, pace);
    if (isStopping() && request.url !== LIVE) throw new HoldfastError("service/stopping");
    if (request.url.length > URL_CHARACTERS_MAX)
      throw new HoldfastError("request/url-too-long", { limit: URL_CHARACTERS_MAX });
    limits.take("address", placeOf(request.ip));
  });
  app.addHook("onSend", async (_, reply) => {
    // Else a stop would wait for connections that nobody uses any more.
    if (isStopping()) reply.header("connection", "close");
  });
}

/** A call that broke off is counted and logged like one that was answered. */
function endCall(request: FastifyRequest, reply: FastifyReply, meter: CallMeter): void {
  const { method, routeOptions, headers, ip: address } = request;
  const { statusCode: status, elapsedTime } = reply;
  const route = routeOptions.url;
  meter.end({ route, method, status, seconds: elapsedTime / 1000, bytes: Number(headers["content-length"] ?? 0) || 0 });
  const cut = reply.raw.writableFinished ? {} : { cut: true };
  const line = { method, route, status, ms: Math.round(elapsedTime), address, ...cut };
  // Whoever watches asks all the time.
  if (status < 400 && route !== undefined && WATCHERS.has(route)) request.log.debug(line, "call");
  else request.log.info(line, "call");
}
