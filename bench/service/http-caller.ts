/** Calls routes over connections that stay open, cheaply, and remembers how long each took. */
import { Agent, request } from "node:http";
import { ROUTES, type RouteName } from "../../protocol/routes.ts";
import type { Answered, CallOptions } from "../../test/support/test-service.ts";

export interface RouteTimes {
  readonly route: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Failure {
  readonly route: string;
  readonly status: number;
  readonly code: string | undefined;
}

export class HttpCaller {
  readonly #address: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 512 });
  #times = new Map<string, number[]>();
  failures: Failure[] = [];
  sentBytes = 0;

  constructor(address: string) {
    this.#address = address;
  }

  readonly call = async (name: RouteName, options: CallOptions = {}, label: string = name): Promise<Answered> => {
    const startedAt = performance.now();
    const answered = await this.#send(name, options);
    const ms = performance.now() - startedAt;
    const times = this.#times.get(label);
    if (times === undefined) this.#times.set(label, [ms]);
    else times.push(ms);
    if (answered.status >= 400) this.failures.push({ route: label, status: answered.status, code: answered.code });
    return answered;
  };

  /** What came before was preparation. */
  forget(): void {
    this.#times = new Map();
    this.sentBytes = 0;
  }

  times(): RouteTimes[] {
    return Array.from(this.#times, ([route, times]) => ({ route, ...quantiles(times) }));
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(name: RouteName, { token, params = {}, query = {}, body, headers = {} }: CallOptions): Promise<Answered> {
    const { method, path } = ROUTES[name];
    const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => String(params[key]));
    const pairs = Object.entries(query).map(([key, value]) => [key, String(value)] as [string, string]);
    const search = pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
    const isBytes = body instanceof Uint8Array;
    const bytes = body === undefined ? undefined : isBytes ? body : Buffer.from(JSON.stringify(body));
    this.sentBytes += bytes?.length ?? 0;
    return new Promise((resolve, reject) => {
      const call = request(`${this.#address}${filled}${search}`, {
        method,
        agent: this.#agent,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(bytes === undefined
            ? {}
            : {
                "content-type": isBytes ? "application/octet-stream" : "application/json",
                "content-length": String(bytes.length),
              }),
          ...headers,
        },
      });
      call.on("error", reject);
      call.on("response", (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () => {
          const answer = Buffer.concat(pieces);
          const isJson = response.headers["content-type"]?.startsWith("application/json") ?? false;
          const json = isJson ? JSON.parse(answer.toString()) : {};
          const status = response.statusCode ?? 0;
          resolve({ status, headers: new Headers(), bytes: answer, json, code: json.error?.code });
        });
      });
      call.end(bytes);
    });
  }
}

export function quantiles(times: readonly number[]): Omit<RouteTimes, "route"> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted.at(-1) ?? 0 };
}
