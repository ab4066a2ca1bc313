import { z } from "zod";
import { EVENT_KINDS } from "../events.ts";
import { count, instant, rowId } from "./fields.ts";

const url = z.url().max(2000);
/** None: all of them. */
const events = z.array(z.enum(EVENT_KINDS)).max(EVENT_KINDS.length);

export const webhookView = z.object({
  id: rowId,
  organization: rowId,
  url: z.string(),
  events: z.array(z.string()),
  state: z.enum(["active", "disabled"]),
  /** Since when nothing arrives; null: the last one did. */
  failingSince: instant.nullable(),
  version: z.int(),
  createdAt: instant,
});
export type WebhookView = z.infer<typeof webhookView>;

export const webhookCreate = z.strictObject({ url, events: events.default([]) });
/** The secret is shown here only. */
export const webhookCreated = webhookView.extend({ secret: z.string() });
export const webhookChange = z.strictObject({
  url: url.optional(),
  events: events.optional(),
  state: z.enum(["active", "disabled"]).optional(),
  /** Makes a new one, which the answer shows. */
  newSecret: z.literal(true).optional(),
});
export const webhookChanged = webhookView.extend({ secret: z.string().nullable() });

export const deliveryView = z.object({
  id: rowId,
  event: rowId,
  kind: z.string(),
  state: z.enum(["waiting", "delivered", "failed"]),
  attempts: count,
  /** Of the last answer. */
  status: z.int().nullable(),
  problem: z.string().nullable(),
  /** JSON as it is sent. */
  body: z.string(),
  createdAt: instant,
  /** null: none planned. */
  nextAt: instant.nullable(),
  endedAt: instant.nullable(),
});
export type DeliveryView = z.infer<typeof deliveryView>;
