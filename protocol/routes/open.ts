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
  login: {
    method: "POST",
    path: "/v1/login",
    audience: ["none"],
    summary: "Log in to the console",
    body: accounts.loginRequest,
    response: accounts.loginResponse,
  },
  logout: { method: "POST", path: "/v1/logout", audience: ["console"], summary: "End this log-in", response: empty },
} as const satisfies Record<string, Route>;
