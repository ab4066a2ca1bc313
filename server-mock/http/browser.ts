/**
 * What a browser brings along unasked, and what it may do with it: the cookie of a log-in, which no script can read and no other site can use, and
 * headers that keep answers from becoming pages.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { HoldfastError } from "../../protocol/errors.ts";
import { bearerToken } from "./parse.ts";

/** The browser takes the first only over TLS, from this very host, for all of it. */
const COOKIE = "__Host-holdfast";
/** Over plain HTTP, which the service speaks to its own machine only. */
const PLAIN_COOKIE = "holdfast";
/** A header that another site's page can't send without asking first, which nobody here answers. */
const OWN_HEADER = "x-holdfast-request";
const TOKEN = /^[A-Za-z0-9_-]{16,256}$/;

export interface Browser {
  readonly userAgent: string | null;
  /** The host that was called, without its port. */
  readonly host: string;
  /** Throws `request/cross-site`. */
  checkSameSite(): void;
  giveCookie(token: string, ageMs: number): void;
  clearCookie(): void;
}

export const browserOf = (request: FastifyRequest, reply: FastifyReply): Browser => ({
  host: request.hostname,
  userAgent: request.headers["user-agent"]?.slice(0, 300) ?? null,
  checkSameSite: () => checkSameSite(request),
  giveCookie(token, ageMs) {
    reply.header("set-cookie", cookieText(request, token, Math.floor(ageMs / 1000)));
  },
  clearCookie() {
    // Whoever showed another token keeps the log-in that the browser sent along.
    if (tokenOf(request)?.isCookie) reply.header("set-cookie", cookieText(request, "", 0));
  },
});

/** Who calls: a program says so itself, of a browser it is the cookie. */
export function tokenOf(request: FastifyRequest): { readonly token: string; readonly isCookie: boolean } | undefined {
  const bearer = bearerToken(request.headers.authorization);
  if (bearer !== undefined) return { token: bearer, isCookie: false };
  const token = cookieToken(request);
  return token === undefined ? undefined : { token, isCookie: true };
}

/** A cookie comes along wherever a request was made up, so that must have been here. */
export function checkSameSite(request: FastifyRequest): void {
  const { "sec-fetch-site": site, origin, [OWN_HEADER]: own } = request.headers;
  const isOurs =
    site !== undefined ? site === "same-origin" : origin !== undefined ? isSame(origin, request) : own !== undefined;
  if (!isOurs) throw new HoldfastError("request/cross-site");
}

const isSame = (origin: string, { protocol, host }: FastifyRequest): boolean => origin === `${protocol}://${host}`;

function cookieToken(request: FastifyRequest): string | undefined {
  const name = cookieName(request);
  for (const part of (request.headers.cookie ?? "").split(";")) {
    const [key, value = ""] = part.trim().split("=", 2);
    if (key === name && TOKEN.test(value)) return value;
  }
  return undefined;
}

function cookieText(request: FastifyRequest, value: string, ageSeconds: number): string {
  const secure = request.protocol === "https" ? "; Secure" : "";
  return `${cookieName(request)}=${value}; Path=/; Max-Age=${ageSeconds}; HttpOnly; SameSite=Strict${secure}`;
}

const cookieName = ({ protocol }: FastifyRequest): string => (protocol === "https" ? COOKIE : PLAIN_COOKIE);

/** Answers are no pages: nothing in them runs, loads or is framed. A page says more for itself. */
const API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const securityHeaders = ({ protocol }: FastifyRequest): Readonly<Record<string, string>> => ({
  "content-security-policy": API_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  ...(protocol === "https" ? { "strict-transport-security": "max-age=31536000" } : {}),
});
