/** How many calls are taken: a bucket of tokens for each caller and address, refilled steadily. */
import { isIPv6 } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Route } from "../../protocol/routes.ts";

/** `count` at once, and as many again over `perMs`. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** `null`: no limit. */
export interface Rates {
  /** All calls from one network address. */
  readonly address: Rate | null;
  /** Calls without a token that may change something: log-ins, registrations, resets; from one address. */
  readonly login: Rate | null;
  readonly agent: Rate | null;
  readonly console: Rate | null;
  /** Tables as files, for one caller. */
  readonly export: Rate | null;
}

/** What is left, for the `RateLimit` headers. */
export interface Allowance {
  readonly name: keyof Rates;
  readonly rate: Rate;
  readonly remaining: number;
  /** Until all is there again. */
  readonly resetSeconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Whoever was not seen for longest is forgotten first: forgetting only ever gives more. */
const BUCKETS_MAX = 50_000;

export class RateLimits {
  readonly #rates: Rates;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rates: Rates, clock: Clock) {
    this.#rates = rates;
    this.#clock = clock;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Throws `request/too-many` when nothing is left; undefined: there is no such limit. */
  take(name: keyof Rates, whose: string): Allowance | undefined {
    const rate = this.#rates[name];
    if (rate === null) return undefined;
    const key = `${name}/${whose}`;
    const now = this.#clock.now();
    const before = this.#buckets.get(key) ?? { tokens: rate.count, at: now };
    const refilled = before.tokens + (Math.max(0, now - before.at) * rate.count) / rate.perMs;
    const tokens = Math.min(rate.count, refilled);
    const isAllowed = tokens >= 1;
    const left = isAllowed ? tokens - 1 : tokens;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: left, at: now });
    if (this.#buckets.size > BUCKETS_MAX) this.#buckets.delete(this.#buckets.keys().next().value ?? "");
    if (isAllowed)
      return { name, rate, remaining: Math.floor(left), resetSeconds: secondsFor(rate, rate.count - left) };
    throw new HoldfastError("request/too-many", { seconds: secondsFor(rate, 1 - left), limit: name });
  }
}

const secondsFor = (rate: Rate, tokens: number): number => Math.ceil((tokens * rate.perMs) / rate.count / 1000);

/** Which limits a call meets once its caller is known; before that it met `address`. */
export function limitsOf(route: Route, audience: string): readonly (keyof Rates)[] {
  switch (audience) {
    case "agent":
    case "restore":
      return ["agent"];
    case "console":
      return route.media?.startsWith("text/csv") ? ["console", "export"] : ["console"];
    default:
      return route.method === "GET" ? [] : ["login"];
  }
}

/** One household or office: of an IPv6 address its network, since a single machine has 2^64 of them. */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - after.length }, () => "0");
  return `${[...groups, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}

/** draft-ietf-httpapi-ratelimit-headers. */
export const rateHeaders = ({ name, rate, remaining, resetSeconds }: Allowance): Readonly<Record<string, string>> => ({
  "ratelimit-policy": `"${name}";q=${rate.count};w=${Math.ceil(rate.perMs / 1000)}`,
  ratelimit: `"${name}";r=${remaining};t=${resetSeconds}`,
});
