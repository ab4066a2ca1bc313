/** Second factors, log-ins and API tokens of one's own. */
import { z } from "zod";
import { capability } from "./capabilities.ts";
import { count, instant, name, rowId, secondFactorCode } from "./fields.ts";

export const secondFactorView = z.object({
  isActive: z.boolean(),
  /** Set up, and not confirmed by a code yet. */
  isPending: z.boolean(),
  recoveryCodesLeft: count,
  /** The organization asks for one. */
  isRequired: z.boolean(),
});
export type SecondFactorView = z.infer<typeof secondFactorView>;

/** Shown once. */
export const secondFactorSecret = z.object({ secret: z.string(), uri: z.string() });
export const secondFactorConfirm = z.strictObject({ code: secondFactorCode });
/** Shown once; each is good once. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

export const logInView = z.object({
  id: rowId,
  /** The one that asks. */
  isThis: z.boolean(),
  isCookie: z.boolean(),
  /** The admin who acts in this account's name. */
  actor: z.string().nullable(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  expiresAt: instant.nullable(),
});
export type LogInView = z.infer<typeof logInView>;

export const apiTokenView = z.object({
  id: rowId,
  name: z.string(),
  capabilities: z.array(capability),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  expiresAt: instant.nullable(),
});
export type ApiTokenView = z.infer<typeof apiTokenView>;

export const API_TOKEN_DAYS_MAX = 366;

export const apiTokenCreate = z.strictObject({
  name,
  capabilities: z.array(capability).min(1),
  days: z.int().min(1).max(API_TOKEN_DAYS_MAX).default(90),
});
/** With the token itself, shown once. */
export const apiTokenCreated = apiTokenView.extend({ token: z.string() });

export const actAsResponse = z.object({ token: z.string(), expiresAt: instant });
