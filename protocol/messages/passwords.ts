/** Passwords that people choose themselves: by a link in a mail, or at a log-in. */
import { z } from "zod";
import { password } from "./fields.ts";
import { subdomain } from "./organizations.ts";

/** What stands behind `#` in a link. */
const secret = z.string().min(1).max(200);

export const activateRequest = z.strictObject({ secret, password });
export const passwordChosen = z.object({
  login: z.string(),
  /** Where this account logs in. */
  logInUrl: z.string(),
});

export const resetWish = z.strictObject({
  /** Log-in name or e-mail address. */
  login: z.string().trim().min(1).max(254),
  /** The subdomain where a user logs in; absent: the administrators' log-in. */
  organization: subdomain.optional(),
});

export const ownPasswordChange = z.strictObject({ password, newPassword: password });
/** `logInAgain`: this log-in has ended, too. */
export const ownPasswordChanged = z.object({ logInAgain: z.boolean() });
