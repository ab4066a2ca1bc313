/** `Idempotency-Key`: a POST of the console that is sent again, because nobody knows whether it arrived, is done once. */
import type { FastifyRequest } from "fastify";
import { sha256 } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Route } from "../../protocol/routes.ts";

export interface Repeatable {
  /** The caller's own name for this request. */
  readonly key: string;
  /** SHA-256 of what was asked for. */
  readonly digest: Buffer;
}

export interface KeptAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Does `work`, or gives the answer that it gave before. */
export type Once<Caller> = (
  caller: Caller,
  request: Repeatable,
  work: () => Promise<KeptAnswer>,
) => Promise<{ readonly answer: KeptAnswer; readonly isRepeat: boolean }>;

/** undefined: done as often as it is sent. */
export function repeatableOf(route: Route, request: FastifyRequest): Repeatable | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined || route.method !== "POST" || !route.audience.includes("console")) return undefined;
  if (route.bytes !== undefined || route.audience.includes("none")) return undefined;
  if (typeof key !== "string" || !/^[\x21-\x7e]{8,128}$/.test(key))
    throw new HoldfastError("request/malformed", {
      reason: "an Idempotency-Key is 8 to 128 visible characters",
      field: "Idempotency-Key",
    });
  const asked = `${request.method} ${request.url}\n${request.headers["if-match"] ?? ""}\n`;
  return { key, digest: sha256(Buffer.from(asked + JSON.stringify(request.body ?? null))) };
}
