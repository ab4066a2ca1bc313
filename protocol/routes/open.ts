/** Routes for anybody: health, facts, log-in. */
import * as accounts from "../messages/accounts.ts";
import { empty } from "../messages/fields.ts";
import { health, serviceFacts } from "../messages/service.ts";
import type { Route } from "./route.ts";

export const openRoutes = {
  live: { method: "GET", path: "/health/live", audience: ["none"], response: health },
  ready: { method: "GET", path: "/health/ready", audience: ["none"], response: health },
  service: { method: "GET", path: "/v1/service", audience: ["none"], response: serviceFacts },
  login: {
    method: "POST",
    path: "/v1/login",
    audience: ["none"],
    body: accounts.loginRequest,
    response: accounts.loginResponse,
  },
  logout: { method: "POST", path: "/v1/logout", audience: ["console"], response: empty },
} as const satisfies Record<string, Route>;
