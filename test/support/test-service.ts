/** The real service in this process: real database, real folder, real HTTP on a free port; only its clock and its passwords' cost are ours. */
import { onTestFinished } from "vitest";
import type { Clock } from "../../base/clock.ts";
import { ROUTES, type RouteName } from "../../protocol/routes.ts";
import { type Config, configWith } from "../../server-mock/config.ts";
import type { Engines } from "../../server-mock/engines.ts";
import { ensureFirstOrganization, type FirstCredentials } from "../../server-mock/first-organization.ts";
import type { Pace } from "../../server-mock/http/slow-bodies.ts";
import { type Service, startService } from "../../server-mock/service.ts";
import { type SteeredClock, steeredClock } from "./steered-clock.ts";
import { tempFolder } from "./temp-folder.ts";
import { testEngines } from "./test-engines.ts";

export interface TestService {
  readonly service: Service;
  readonly address: string;
  readonly data: string;
  readonly clock: SteeredClock;
  readonly first: FirstCredentials;
  /** Calls a route; a body of bytes is sent as such. */
  call(name: RouteName, options?: CallOptions): Promise<Answered>;
  logIn(who?: "admin" | "user"): Promise<string>;
  /** Stops it and starts it again on the same folder. */
  restart(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string | undefined;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The JSON, or `{}`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly json: any;
  /** Of an error. */
  readonly code: string | undefined;
}

export const CHEAP_PASSWORDS = { memoryKiB: 64, passes: 1, parallelism: 1 };

export interface TestServiceOptions {
  readonly data?: string;
  /** Settings that are not as usual; there are no rate limits unless they are named. */
  readonly config?: Partial<Config>;
  readonly pace?: Pace;
  /** As the run says unless given (test-engines.ts). */
  readonly engines?: Engines;
  /** With the console built there; without it as the checkout has it. */
  readonly consoleFolder?: string;
}

const NO_RATES = { rateAddress: null, rateLogin: null, rateAgent: null, rateConsole: null, rateExport: null };

export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const clock = steeredClock();
  const data = options.data ?? tempFolder();
  const engines = options.engines ?? (await testEngines());
  let service = await startOn(data, clock, { ...options, engines });
  onTestFinished(() => service.close());
  const first = await ensureFirstOrganization(service);
  if (first === undefined) throw new Error("the folder is not new");
  const call = (name: RouteName, options: CallOptions = {}) => callRoute(service.address, name, options);
  return {
    get service() {
      return service;
    },
    get address() {
      return service.address;
    },
    data,
    clock,
    first,
    call,
    async logIn(who = "user") {
      const { json } = await call("login", { body: first[who] });
      return json.token;
    },
    async restart() {
      await service.close();
      service = await startOn(data, clock, { ...options, engines });
    },
  };
}

/** One more process on the same engines, or the same folder again. */
export const startOn = (
  data: string,
  clock: Clock,
  { config = {}, pace, engines, consoleFolder }: TestServiceOptions,
): Promise<Service> => {
  const here = { data, listen: { host: "127.0.0.1", port: 0 }, log: "silent" } as const;
  const usual = { clock, pace, consoleFolder, passwordCost: CHEAP_PASSWORDS, freeBytesMin: 0, engines };
  return startService(configWith({ ...NO_RATES, ...here, ...config }), usual);
};

export async function callRoute(address: string, name: RouteName, options: CallOptions = {}): Promise<Answered> {
  const { method, path } = ROUTES[name];
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => String(options.params?.[key] ?? "missing"));
  const query = new URLSearchParams(Object.entries(options.query ?? {}).map(([key, value]) => [key, String(value)]));
  const isBytes = options.body instanceof Uint8Array;
  const body = options.body === undefined ? {} : { body: isBytes ? options.body : JSON.stringify(options.body) };
  const type = isBytes ? "application/octet-stream" : "application/json";
  const response = await fetch(`${address}${filled}${query.size > 0 ? `?${query}` : ""}`, {
    method,
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.body === undefined ? {} : { "content-type": type }),
      ...options.headers,
    },
    ...(body as { body?: string | Uint8Array<ArrayBuffer> }), // Made just above.
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  const json = isJson ? JSON.parse(bytes.toString()) : {};
  return { status: response.status, headers: response.headers, bytes, json, code: json.error?.code };
}
