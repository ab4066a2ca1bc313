/** Calls routes of the protocol's table over HTTP. Every answer is checked against its schema; every failure becomes a code of the error table. */
import { Agent as HttpAgent } from "node:http";
import got, { type Got, type Method, RequestError } from "got";
import type { z } from "zod";
import { fromErrorBody, HoldfastError } from "../../protocol/errors.ts";
import { ROUTES, type Route, type RouteName } from "../../protocol/routes.ts";
import { pinnedAgent, pinProblem } from "./pinned-agent.ts";

export interface ServiceAddress {
  readonly url: string;
  /** SHA-256 of the certificate's public key, hexadecimal; without it the system's certificate authorities decide. */
  readonly fingerprint?: string | undefined;
}

type Answer<Name extends RouteName> = (typeof ROUTES)[Name] extends { response: infer Schema extends z.ZodType }
  ? z.infer<Schema>
  : undefined;

export interface CallInput {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** Sent as an octet-stream. */
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUTS_MS = { connect: 15_000, socket: 120_000 } as const;
/** One write of this size at a time keeps the copying low and an abort prompt. */
const PIECE_BYTES = 1024 * 1024;

export class HttpClient {
  readonly #address: ServiceAddress;
  readonly #got: Got;

  constructor(address: ServiceAddress, token?: string) {
    this.#address = checkedAddress(address);
    const options = { keepAlive: true, maxSockets: 16, timeout: TIMEOUTS_MS.socket };
    this.#got = got.extend({
      prefixUrl: address.url,
      retry: { limit: 0 }, // Whoever calls knows what may be repeated.
      throwHttpErrors: false,
      followRedirect: false,
      timeout: TIMEOUTS_MS,
      agent: { http: new HttpAgent(options), https: pinnedAgent({ ...options, fingerprint: address.fingerprint }) },
      headers: { "user-agent": "holdfast", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    });
  }

  async call<Name extends RouteName>(name: Name, input: CallInput = {}): Promise<Answer<Name>> {
    const route: Route = ROUTES[name];
    const { body } = await this.#send(route, input);
    const parsed = route.response?.safeParse(parseJson(route, body));
    if (!parsed?.success) throw protocolError(route, parsed ? misfit(parsed.error) : "no answer was expected");
    return parsed.data as Answer<Name>; // Checked by the route's own schema just above.
  }

  /** For routes that answer with bytes. */
  async bytes(
    name: RouteName,
    input: CallInput = {},
  ): Promise<{ bytes: Buffer; header(name: string): string | undefined }> {
    const { body, headers } = await this.#send(ROUTES[name], input);
    return {
      bytes: body,
      header: (header) => {
        const value = headers[header];
        return Array.isArray(value) ? value[0] : value;
      },
    };
  }

  async #send(route: Route, input: CallInput) {
    const path = pathOf(route, input);
    try {
      const response = await this.#got(path, {
        method: route.method as Method,
        responseType: "buffer",
        ...(input.query ? { searchParams: { ...input.query } } : {}),
        ...(input.body === undefined ? {} : { json: input.body }),
        ...(input.bytes ? { body: pieces(input.bytes) } : {}),
        headers: { ...input.headers, ...(input.bytes ? bytesHeaders(input.bytes) : {}) },
        ...(input.signal ? { signal: input.signal } : {}),
      });
      const body = Buffer.from(response.body.buffer, response.body.byteOffset, response.body.length);
      if (response.statusCode >= 400) throw errorOf(route, response.statusCode, body);
      return { body, headers: response.headers };
    } catch (error) {
      throw this.#wrap(error, input.signal);
    }
  }

  #wrap(error: unknown, signal: AbortSignal | undefined): unknown {
    if (error instanceof HoldfastError) return error;
    if (signal?.aborted) return signal.reason;
    const pin = pinProblem(error);
    if (pin)
      return new HoldfastError(
        "service/certificate",
        { address: this.#address.url, fingerprint: pin.fingerprint },
        { cause: error },
      );
    if (!(error instanceof RequestError)) return error;
    return new HoldfastError(
      "service/unreachable",
      { address: this.#address.url, reason: reasonOf(error) },
      { cause: error },
    );
  }
}

/** A fresh generator for each attempt: got is slow with large buffers and can't send a consumed body again. */
async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

const bytesHeaders = (bytes: Buffer) => ({
  "content-type": "application/octet-stream",
  "content-length": String(bytes.length),
});

function pathOf(route: Route, { params = {} }: CallInput): string {
  return route.path.slice(1).replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
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
const reasonOf = (error: RequestError): string => REASONS[error.code] ?? error.message;

/** Plain HTTP goes over loopback only (docs/protocol.md). */
function checkedAddress(address: ServiceAddress): ServiceAddress {
  const invalid = (reason: string): never => {
    throw new HoldfastError("option/invalid", {
      option: `service address ${address.url}`,
      reason,
      command: "register",
    });
  };
  const url = URL.parse(address.url) ?? invalid("it is not an address such as https://backup.example.org:8443");
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname) || /^127\./.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback))
    invalid("only https is allowed beyond this machine");
  return address;
}
