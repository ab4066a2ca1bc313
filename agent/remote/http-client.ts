/** Calls routes of the protocol's table over HTTP. Every answer is checked against its schema; every failure becomes a code of the error table. */
import type { z } from "zod";
import { AGENT_ROUTES, type AgentRouteName } from "../../protocol/agent-routes.ts";
import { fromErrorBody, HoldfastError } from "../../protocol/errors.ts";
import type { Route } from "../../protocol/routes/route.ts";
import { connectionsTo } from "./connections.ts";
import { exchange, type Incoming } from "./exchange.ts";
import { PinError } from "./pin-error.ts";
import type { RateLimit } from "./rate-limit.ts";
import { checkedAddress, type ServiceAddress } from "./service-address.ts";

type Answer<Name extends AgentRouteName> = (typeof AGENT_ROUTES)[Name] extends {
  response: infer Schema extends z.ZodType;
}
  ? z.infer<Schema>
  : undefined;

export interface CallInput {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** Sent as an octet-stream. */
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** How fast `bytes`, or those of the answer, may travel. */
  readonly limit?: RateLimit | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Sent at one go. A backup of little sends nothing larger, and need not load what sends streams. */
const SMALL_BYTES_MAX = 1024 * 1024;

export class HttpClient {
  readonly #address: ServiceAddress;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(address: ServiceAddress, token?: string) {
    this.#address = checkedAddress(address);
    this.#headers = {
      "user-agent": "holdfast",
      "accept-encoding": "identity",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
  }

  async call<Name extends AgentRouteName>(name: Name, input: CallInput = {}): Promise<Answer<Name>> {
    const route: Route = AGENT_ROUTES[name];
    const { body } = await this.#send(route, input);
    const parsed = route.response?.safeParse(parseJson(route, body));
    if (!parsed?.success) throw protocolError(route, parsed ? misfit(parsed.error) : "no answer was expected");
    return parsed.data as Answer<Name>; // Checked by the route's own schema just above.
  }

  /** For routes that answer with bytes. */
  async bytes(
    name: AgentRouteName,
    input: CallInput = {},
  ): Promise<{ bytes: Buffer; header(name: string): string | undefined }> {
    const { body, headers } = await this.#send(AGENT_ROUTES[name], input);
    return {
      bytes: body,
      header: (header) => {
        const value = headers[header];
        return Array.isArray(value) ? value[0] : value;
      },
    };
  }

  /** For answers that no memory holds. A body that breaks off throws `service/unreachable` where it is read. */
  async *stream(name: AgentRouteName, input: CallInput = {}): AsyncGenerator<Uint8Array> {
    const { params, headers, signal } = input;
    const route: Route = AGENT_ROUTES[name];
    try {
      const { download } = await import("./download.ts");
      const url = `${this.#address.url.replace(/\/+$/, "")}${pathOf(route, params)}`;
      const outgoing = { url, method: route.method, headers: { ...this.#headers, ...headers }, signal };
      const { status, body } = await download(await connectionsTo(this.#address), outgoing);
      if (status >= 400) throw errorOf(route, status, Buffer.concat(await Array.fromAsync(body)));
      yield* body;
    } catch (error) {
      throw this.#wrap(error, signal);
    }
  }

  async #send(route: Route, input: CallInput): Promise<Incoming> {
    const answer = await this.#exchange(route, input).catch((error: unknown) => {
      throw this.#wrap(error, input.signal);
    });
    if (answer.status >= 400) throw errorOf(route, answer.status, answer.body);
    return answer;
  }

  async #exchange(route: Route, input: CallInput): Promise<Incoming> {
    const { params, query, body, bytes, headers, limit, signal } = input;
    const agent = await connectionsTo(this.#address);
    const url = `${this.#address.url.replace(/\/+$/, "")}${pathOf(route, params)}${queryOf(query)}`;
    const outgoing = { url, method: route.method, headers: { ...this.#headers, ...headers }, limit, signal };
    if (bytes && (bytes.length > SMALL_BYTES_MAX || Number.isFinite(limit?.rate)))
      return await (await import("./upload.ts")).upload(agent, bytes, outgoing);
    const sent = bytes ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)));
    if (sent === undefined) return await exchange(agent, outgoing);
    const type = bytes ? "application/octet-stream" : "application/json";
    return await exchange(agent, { ...outgoing, headers: { ...outgoing.headers, "content-type": type }, body: sent });
  }

  #wrap(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    const pin = pinProblem(error);
    if (pin)
      return new HoldfastError(
        "service/certificate",
        { address: this.#address.url, fingerprint: pin.fingerprint },
        { cause: error },
      );
    // Whatever the network says has a code; the rest is a mistake of ours.
    if (!(error instanceof Error && "code" in error)) return error;
    return new HoldfastError(
      "service/unreachable",
      { address: this.#address.url, reason: REASONS[String(error.code)] ?? error.message },
      { cause: error },
    );
  }
}

function pathOf(route: Route, params: CallInput["params"] = {}): string {
  return route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryOf(query: CallInput["query"]): string {
  if (!query) return "";
  return `?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`;
}

function errorOf(route: Route, status: number, body: Buffer): HoldfastError {
  try {
    const { error } = JSON.parse(body.toString());
    if (typeof error?.code === "string") return fromErrorBody(error);
  } catch {
    // Not from a Holdfast service (a proxy, perhaps): told below.
  }
  return protocolError(route, `status ${status}`);
}

function parseJson(route: Route, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw protocolError(route, "it is not JSON");
  }
}

function misfit({ issues: [first] }: z.ZodError): string {
  return first ? `${first.path.join(".") || "it"}: ${first.message}` : "it does not fit";
}

const protocolError = (route: Route, reason: string): HoldfastError =>
  new HoldfastError("service/protocol", { request: `${route.method} ${route.path}`, reason });

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name can't be looked up now",
  ECONNRESET: "the connection broke",
  EPIPE: "the connection broke",
  ETIMEDOUT: "it does not answer",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-made and no fingerprint of it was given",
};

/** The pin error behind whatever the HTTP library made of it. */
function pinProblem(error: unknown): PinError | undefined {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof PinError) return each;
  return undefined;
}
