/**
 * `Hooks` over HTTP. The address is checked when the connection is made, behind the look-up of the name: a name that means another address a
 * moment later reaches nothing either.
 */
import { type LookupAddress, type LookupAllOptions, lookup } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { HookCall, HookOutcome, Hooks } from "./hooks.ts";
import { isPublicAddress } from "./public-address.ts";

const ANSWER_MS = 10_000;
const NOT_PUBLIC = "its address is not a public one; the operator may allow that with allowPrivateWebhooks";

export interface HookRules {
  /** Also this machine and private networks, and plain HTTP. */
  readonly allowPrivate: boolean;
  /** How long an answer may take. */
  readonly answerMs?: number;
  readonly lookUp?: LookUp;
}

export function httpHooks({ allowPrivate, answerMs = ANSWER_MS, lookUp = lookup }: HookRules): Hooks {
  const refusal = (text: string): string | undefined => {
    const url = URL.parse(text);
    if (url === null || !["https:", "http:"].includes(url.protocol)) return "it is not an https:// address";
    if (url.username !== "" || url.password !== "") return "it carries a name or a password";
    if (allowPrivate) return undefined;
    if (url.protocol !== "https:") return "it is not an https:// address";
    const host = hostOf(url);
    if (isIP(host) !== 0 && !isPublicAddress(host)) return NOT_PUBLIC;
    return host === "localhost" || host.endsWith(".localhost") ? NOT_PUBLIC : undefined;
  };
  return {
    refusal,
    async send(call) {
      const refused = refusal(call.url);
      if (refused !== undefined) return { kind: "failed", status: null, reason: refused };
      return await post(call, { answerMs, ...(allowPrivate ? {} : { lookup: publicLookup(lookUp) }) });
    },
  };
}

function post(call: HookCall, options: { answerMs: number; lookup?: LookupFunction }): Promise<HookOutcome> {
  const url = new URL(call.url);
  const signal = AbortSignal.timeout(options.answerMs);
  const { promise, resolve } = Promise.withResolvers<HookOutcome>();
  const fail = (reason: string, status: number | null = null) => resolve({ kind: "failed", status, reason });
  const sent = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
    method: "POST",
    headers: { ...call.headers, "content-type": "application/json", "content-length": Buffer.byteLength(call.body) },
    agent: false,
    signal,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  });
  sent.on("response", (answer) => {
    const status = answer.statusCode ?? 0;
    answer.on("error", () => undefined); // It is ended here, whatever it wanted to say.
    answer.destroy();
    if (status >= 200 && status < 300) resolve({ kind: "delivered", status });
    else if (status >= 300 && status < 400) fail(`it answered ${status}: redirects are not followed`, status);
    else fail(`it answered ${status}`, status);
  });
  sent.on("error", (error) =>
    fail(signal.aborted ? `no answer within ${options.answerMs / 1000} seconds` : error.message),
  );
  sent.end(call.body);
  return promise;
}

/** As `dns.lookup`, without what is not public. */
const publicLookup =
  (lookUp: LookUp): LookupFunction =>
  (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "", 0);
      const open = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (first === undefined) return callback(new Error(NOT_PUBLIC), "", 0);
      return options.all === true ? callback(null, open) : callback(null, first.address, first.family);
    });
  };

/** `dns.lookup` in its form for all addresses. */
export type LookUp = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$|\.$/g, "");
