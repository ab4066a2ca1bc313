/** Activation, reset, and a new password of one's own. */
import { empty } from "../messages/fields.ts";
import * as passwords from "../messages/passwords.ts";
import type { Route } from "./route.ts";

export const passwordsRoutes = {
  activate: {
    method: "POST",
    path: "/v1/activate",
    audience: ["none"],
    summary: "Choose the first password, with the link of an activation mail",
    body: passwords.activateRequest,
    response: passwords.passwordChosen,
  },
  requestPasswordReset: {
    method: "POST",
    path: "/v1/password-reset/request",
    audience: ["none"],
    summary: "Ask for a mail with a link; the answer is the same whether there is such an account",
    body: passwords.resetWish,
    response: empty,
  },
  resetPassword: {
    method: "POST",
    path: "/v1/password-reset",
    audience: ["none"],
    summary: "Choose a new password, with the link of a mail",
    body: passwords.activateRequest,
    response: passwords.passwordChosen,
  },
  changeOwnPassword: {
    method: "POST",
    path: "/v1/password",
    audience: ["console"],
    self: true,
    goodFor: ["password"],
    summary: "Change one's own password; all other log-ins end",
    body: passwords.ownPasswordChange,
    response: passwords.ownPasswordChanged,
  },
} as const satisfies Record<string, Route>;
