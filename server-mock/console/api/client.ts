/**
 * Calls of the public API, typed by the table of routes. The log-in is a cookie that no script sees; somebody who acts as a user has a token of this
 * tab alone, see `session/acting.ts`.
 */
import { ROUTE_PATHS } from "virtual:routes";
import type { z } from "zod";
import type { ErrorBody } from "../../../protocol/errors.ts";
import type { ROUTES, RouteName } from "../../../protocol/routes.ts";
import { actingToken } from "../session/acting.ts";
import { ApiError } from "./api-error.ts";

type Rows = typeof ROUTES;
type Part<Name extends RouteName, Key extends string> = Rows[Name] extends {
  [K in Key]: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : undefined;

/** What a route answers. */
export type Answer<Name extends RouteName> = Rows[Name] extends { response: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

export type Body<Name extends RouteName> = Rows[Name] extends { bytes: "request" } ? Blob : Part<Name, "body">;
export type Query<Name extends RouteName> = {
  readonly [Key in keyof Part<Name, "query">]?: string | number | boolean | undefined;
};

export interface CallOptions<Name extends RouteName> {
  readonly params?: Readonly<Record<keyof Part<Name, "params">, string | number>>;
  readonly query?: Query<Name>;
  readonly body?: Body<Name>;
  /** The version that was seen and is to be changed. */
  readonly ifMatch?: number | undefined;
  /** The same act, sent again, is done once. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** What happens when the service wants the password again: true, and the call is made once more. Set by the dialog. */
let proveAgain: () => Promise<boolean> = async () => false;
export const onProveAgain = (ask: () => Promise<boolean>): void => {
  proveAgain = ask;
};

/** What happens when this log-in is not good any more. */
let loggedOut: () => void = () => undefined;
export const onLoggedOut = (tell: () => void): void => {
  loggedOut = tell;
};

/** Throws `ApiError`. */
export async function call<Name extends RouteName>(name: Name, options: CallOptions<Name> = {}): Promise<Answer<Name>> {
  const response = await send(name, options);
  if (response.ok) return (await answerOf(response)) as Answer<Name>; // The service's routes answer what the table says.
  const error = await errorOf(response);
  if (error.code === "login/prove-again" && (await proveAgain())) {
    const again = await send(name, options);
    if (again.ok) return (await answerOf(again)) as Answer<Name>;
    throw await errorOf(again);
  }
  if (error.code === "token/missing" || error.code === "token/invalid") loggedOut();
  throw error;
}

/** Where a browser gets it from: downloads, pictures. */
export function urlOf<Name extends RouteName>(
  name: Name,
  { params, query }: Pick<CallOptions<Name>, "params" | "query"> = {},
): string {
  const [, path = ""] = ROUTE_PATHS[name] ?? [];
  const values: Readonly<Record<string, unknown>> = params ?? {};
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(values[key])));
  const asked = Object.entries<unknown>(query ?? {}).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(asked.map(([key, value]) => [key, String(value)]));
  return search.size === 0 ? filled : `${filled}?${search}`;
}

/** The bytes behind an address that `urlOf` made, as whoever is acting. Throws `ApiError`. */
export async function fileOf(url: string): Promise<Blob> {
  const token = actingToken();
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers, credentials: "same-origin" });
  if (!response.ok) throw await errorOf(response);
  return await response.blob();
}

async function send<Name extends RouteName>(name: Name, options: CallOptions<Name>): Promise<Response> {
  const [method = "GET"] = ROUTE_PATHS[name] ?? [];
  const { body, ifMatch, idempotencyKey, signal } = options;
  const token = actingToken();
  const headers = {
    accept: "application/json",
    "x-holdfast-request": "1",
    ...(body === undefined
      ? {}
      : { "content-type": body instanceof Blob ? "application/octet-stream" : "application/json" }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
  };
  try {
    return await fetch(urlOf(name, options), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, UNREACHED);
  }
}

const UNREACHED: ErrorBody = {
  code: "console/unreached",
  message: "The service does not answer.",
  hint: "Check your connection; what you entered is still here.",
};

const answerOf = async (response: Response): Promise<unknown> =>
  response.headers.get("content-type")?.startsWith("application/json") ? await response.json() : await response.blob();

async function errorOf(response: Response): Promise<ApiError> {
  const answer: unknown = await response.json().catch(() => undefined);
  const isOurs = typeof answer === "object" && answer !== null && "error" in answer;
  const strange = { ...UNREACHED, message: `The service answered with status ${response.status}.` };
  return new ApiError(response.status, isOurs ? (answer.error as ErrorBody) : strange); // Errors have this one shape.
}
