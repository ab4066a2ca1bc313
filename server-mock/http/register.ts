/** Registers every route of the table: audience first, then path, query and body, then its handler. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sha256 } from "../../base/digest.ts";
import { bug, HoldfastError } from "../../protocol/errors.ts";
import { JSON_BYTES_MAX, LARGE_JSON_BYTES_MAX, PACK_BYTES_MAX } from "../../protocol/limits.ts";
import { type Audience, ROUTES, type Route, type RouteName } from "../../protocol/routes.ts";
import { browserOf, checkSameSite, tokenOf } from "./browser.ts";
import type { BytesAnswer, Callers, Handlers, Upload } from "./call.ts";
import { parseWith } from "./parse.ts";
import { limitsOf, placeOf, type RateLimits, rateHeaders } from "./rate-limits.ts";
import { type KeptAnswer, type Once, repeatableOf } from "./repeats.ts";
import { sendPieces } from "./send-pieces.ts";
import { etagOf, parseIfMatch, versionOf } from "./versions.ts";

/** Any of the callers that there are. */
type CallerOf<Who extends Callers> = Who[keyof Who] & { readonly audience: Audience };

export interface RegisterOptions<Who extends Callers> {
  readonly handlers: Handlers<Who>;
  /** Whose token this is; throws `token/invalid`. */
  readonly authenticate: (token: string) => Promise<CallerOf<Who>>;
  /** Throws when the caller may not use the route. */
  readonly authorize: (caller: Who[keyof Who], route: Route) => void;
  readonly limits: RateLimits;
  readonly once: Once<Who[keyof Who]>;
  /** Who calls, for the log: ids, no names and no secrets. */
  readonly describe: (caller: Who[keyof Who]) => Readonly<Record<string, string>>;
}

/** A handler of any route. */
type AnyHandler = (call: unknown) => Promise<unknown>;

export function registerRoutes<Who extends Callers>(app: FastifyInstance, options: RegisterOptions<Who>): void {
  const callers = new WeakMap<FastifyRequest, CallerOf<Who>>();
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    // The schemas of this very row make the call that the handler's type asks for.
    const handler = options.handlers[name] as unknown as AnyHandler;
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ":$1"),
      bodyLimit: route.large ? LARGE_JSON_BYTES_MAX : JSON_BYTES_MAX,
      onRequest: async (request, reply) => {
        const caller = await admit(route, request, options);
        callers.set(request, caller);
        request.log = request.log.child(options.describe(caller));
        countCall(route, caller.audience, { request, reply, limits: options.limits });
      },
      handler: async (request, reply) => {
        const caller = callers.get(request) ?? bug("a call that nobody admitted");
        const call = {
          caller,
          params: parseWith(route.params, request.params),
          query: parseWith(route.query, request.query),
          body: parseWith(route.body, request.body),
          upload: route.bytes === "request" ? uploadOf(request) : undefined,
          range: request.headers.range,
          ifMatch: route.etag ? parseIfMatch(request.headers["if-match"]) : undefined,
          address: request.ip,
          browser: browserOf(request, reply),
          get signal() {
            return signalOf(reply);
          },
          setStatus: (status: number) => void reply.status(status),
        };
        if (route.bytes === "response") return await sendBytes(route, reply, await handler(call));
        const work = async (): Promise<KeptAnswer> => ({ body: await handler(call), status: reply.statusCode });
        const { answer, isRepeat } = await onceIfAsked(route, { request, caller, once: options.once, work });
        if (isRepeat) reply.header("idempotent-replayed", "true");
        const version = route.etag ? versionOf(answer.body) : undefined;
        if (version !== undefined) reply.header("etag", etagOf(version));
        return reply.status(answer.status).send(answer.body);
      },
    });
  }
}

/** Made only for who asks for it. */
function signalOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort(new Error("the caller went away"));
  });
  return gone.signal;
}

async function onceIfAsked<Caller>(
  route: Route,
  {
    request,
    caller,
    once,
    work,
  }: {
    request: FastifyRequest;
    caller: Caller;
    once: Once<Caller>;
    work: () => Promise<KeptAnswer>;
  },
): Promise<{ answer: KeptAnswer; isRepeat: boolean }> {
  const repeatable = repeatableOf(route, request);
  return repeatable === undefined ? { answer: await work(), isRepeat: false } : await once(caller, repeatable, work);
}

/** Throws `request/too-many`. Without a token the address counts, with one the token. */
function countCall(
  route: Route,
  audience: Audience,
  { request, reply, limits }: { request: FastifyRequest; reply: FastifyReply; limits: RateLimits },
): void {
  const token = tokenOf(request)?.token;
  const isAnyone = audience === "none" || token === undefined;
  const whose = isAnyone ? placeOf(request.ip) : sha256(Buffer.from(token)).toString("base64url");
  for (const name of limitsOf(route, audience)) {
    const allowance = limits.take(name, whose);
    if (allowance !== undefined) reply.headers(rateHeaders(allowance));
  }
}

async function admit<Who extends Callers>(
  route: Route,
  request: FastifyRequest,
  { authenticate, authorize }: RegisterOptions<Who>,
): Promise<CallerOf<Who>> {
  if (route.audience.includes("none")) return ANYONE as CallerOf<Who>; // The one value of its type.
  const shown = tokenOf(request);
  if (shown === undefined) throw new HoldfastError("token/missing");
  if (shown.isCookie && route.method !== "GET") checkSameSite(request);
  const caller = await authenticate(shown.token);
  if (!route.audience.includes(caller.audience))
    throw new HoldfastError("token/wrong-audience", { audience: caller.audience });
  authorize(caller, route);
  return caller;
}

const ANYONE = { audience: "none" } as const;

function uploadOf(request: FastifyRequest): Upload {
  const { body } = request;
  const announced = request.headers["content-length"] ?? "";
  if (!/^\d{1,15}$/.test(announced))
    throw new HoldfastError("request/malformed", { reason: "an upload needs a Content-Length" });
  const sizeBytes = Number(announced);
  if (sizeBytes > PACK_BYTES_MAX) throw new HoldfastError("request/too-large", { limit: PACK_BYTES_MAX });
  if (!(body instanceof Readable))
    throw new HoldfastError("request/malformed", { reason: "an upload is an application/octet-stream" });
  return { source: body, sizeBytes };
}

async function sendBytes(route: Route, reply: FastifyReply, answer: unknown): Promise<FastifyReply> {
  if (!isBytesAnswer(answer)) return bug("a route of bytes answered something else");
  const { bytes, sizeBytes, headers = {} } = answer;
  reply.type(route.media ?? "application/octet-stream");
  if (sizeBytes !== undefined) reply.header("content-length", sizeBytes);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (typeof bytes === "function") await sendPieces(reply, bytes);
  else reply.send(bytes);
  return reply;
}

const isBytesAnswer = (answer: unknown): answer is BytesAnswer =>
  typeof answer === "object" && answer !== null && "bytes" in answer;
