/** Registers every route of the table: audience first, then path, query and body, then its handler. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bug, HoldfastError } from "../../protocol/errors.ts";
import { JSON_BYTES_MAX, LARGE_JSON_BYTES_MAX, PACK_BYTES_MAX } from "../../protocol/limits.ts";
import { type Audience, ROUTES, type Route, type RouteName } from "../../protocol/routes.ts";
import type { BytesAnswer, Callers, Handlers, Upload } from "./call.ts";
import { bearerToken, parseWith } from "./parse.ts";
import { sendPieces } from "./send-pieces.ts";

export interface RegisterOptions<Who extends Callers> {
  readonly handlers: Handlers<Who>;
  /** Whose token this is; throws `token/invalid`. */
  readonly authenticate: (token: string) => Promise<Who[keyof Who] & { readonly audience: Audience }>;
  /** Throws when the caller may not use the route. */
  readonly authorize: (caller: Who[keyof Who], route: Route) => void;
}

/** A handler of any route. */
type AnyHandler = (call: unknown) => Promise<unknown>;

export function registerRoutes<Who extends Callers>(app: FastifyInstance, options: RegisterOptions<Who>): void {
  const callers = new WeakMap<FastifyRequest, unknown>();
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    // The schemas of this very row make the call that the handler's type asks for.
    const handler = options.handlers[name] as unknown as AnyHandler;
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ":$1"),
      bodyLimit: route.large ? LARGE_JSON_BYTES_MAX : JSON_BYTES_MAX,
      onRequest: async (request) => {
        callers.set(request, await admit(route, request, options));
      },
      handler: async (request, reply) => {
        const answer = await handler({
          caller: callers.get(request),
          params: parseWith(route.params, request.params),
          query: parseWith(route.query, request.query),
          body: parseWith(route.body, request.body),
          upload: route.bytes === "request" ? uploadOf(request) : undefined,
          range: request.headers.range,
          address: request.ip,
          setStatus: (status: number) => void reply.status(status),
        });
        return route.bytes === "response" ? await sendBytes(reply, answer) : reply.send(answer);
      },
    });
  }
}

async function admit<Who extends Callers>(
  route: Route,
  request: FastifyRequest,
  { authenticate, authorize }: RegisterOptions<Who>,
): Promise<unknown> {
  if (route.audience.includes("none")) return { audience: "none" };
  const token = bearerToken(request.headers.authorization);
  if (token === undefined) throw new HoldfastError("token/missing");
  const caller = await authenticate(token);
  if (!route.audience.includes(caller.audience))
    throw new HoldfastError("token/wrong-audience", { audience: caller.audience });
  authorize(caller, route);
  return caller;
}

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

async function sendBytes(reply: FastifyReply, answer: unknown): Promise<FastifyReply> {
  if (!isBytesAnswer(answer)) return bug("a route of bytes answered something else");
  const { bytes, sizeBytes, headers = {} } = answer;
  reply.type("application/octet-stream").header("content-length", sizeBytes);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (typeof bytes === "function") await sendPieces(reply, bytes);
  else reply.send(bytes);
  return reply;
}

const isBytesAnswer = (answer: unknown): answer is BytesAnswer =>
  typeof answer === "object" && answer !== null && "bytes" in answer;
