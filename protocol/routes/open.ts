/** Routes for anybody: health, facts, log-in. */
import * as accounts from "../messages/accounts.ts";
import { empty } from "../messages/fields.ts";
import { health, serviceFacts } from "../messages/service.ts";
import type { Route } from "./route.ts";

export const openRoutes = {
  live: { method: "GET", path: "/health/live", audience: ["none"], summary: "The process runs", response: health },
  ready: {
    method: "GET",
    path: "/health/ready",
    audience: ["none"],
    summary: "Database and storage answer, and it isn't stopping",
    response: health,
  },
  service: {
    method: "GET",
    path: "/v1/service",
    audience: ["none"],
    summary: "Version, protocol, public keys, limits",
    response: serviceFacts,
  },
  openApi: {
    method: "GET",
    path: "/v1/openapi.json",
    audience: ["none"],
    summary: "This table as OpenAPI 3.1",
    bytes: "response",
    media: "application/json; charset=utf-8",
  },
  apiPage: {
    method: "GET",
    path: "/v1/docs",
    audience: ["none"],
    summary: "This table as a page to read",
    bytes: "response",
    media: "text/html; charset=utf-8",
  },
  login: {
    method: "POST",
    path: "/v1/login",
    audience: ["none"],
    summary: "Log in to the console",
    body: accounts.loginRequest,
    response: accounts.loginResponse,
  },
  loginSecondFactor: {
    method: "POST",
    path: "/v1/login/second-factor",
    audience: ["none"],
    summary: "The second step of a log-in: the code of a second factor",
    body: accounts.secondStepRequest,
    response: accounts.loginResponse,
  },
  prove: {
    method: "POST",
    path: "/v1/login/prove",
    audience: ["console"],
    self: true,
    goodFor: ["second-factor", "password"],
    summary: "Give the password again, for what asks for it",
    body: accounts.proveRequest,
    response: accounts.proveResponse,
  },
  logout: {
    method: "POST",
    path: "/v1/logout",
    audience: ["console"],
    goodFor: ["second-factor", "password", "restore"],
    summary: "End this log-in",
    response: empty,
  },
} as const satisfies Record<string, Route>;
