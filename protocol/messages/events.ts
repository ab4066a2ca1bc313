/** What happened, as people and programs read it; kept for 30 days. Kinds are in protocol/events.ts. */
import { z } from "zod";
import { EVENT_KINDS } from "../events.ts";
import { id16, instant, listQuery, rowId } from "./fields.ts";

export const eventKind = z.enum(EVENT_KINDS);

/** All that are given must hold. */
export const eventQuery = listQuery.extend({
  kind: eventKind.optional(),
  machine: id16.optional(),
  user: rowId.optional(),
  /** Of a top-level admin: only this organization's. */
  organization: rowId.optional(),
  /** From here on. */
  since: instant.optional(),
  /** Before. */
  until: instant.optional(),
});
export type EventQuery = z.output<typeof eventQuery>;

export const eventView = z.object({
  id: rowId,
  kind: eventKind,
  at: instant,
  organization: rowId,
  /** Deleted ones too; null: it is about none, or nothing is left of it. */
  machine: z.object({ id: id16, name: z.string() }).nullable(),
  user: z.object({ id: rowId, email: z.string() }).nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** One line for people. */
  shown: z.string(),
});
export type EventView = z.infer<typeof eventView>;

/** What a page shows, so that it knows what to ask for again. */
export const CHANGE_AREAS = ["machines", "backups", "restores", "users", "quotas", "policies", "alerts"] as const;
export type ChangeArea = (typeof CHANGE_AREAS)[number];

export const changesQuery = z.strictObject({
  /** `cursor` of the answer before; absent: from now on. */
  after: z.string().max(1000).optional(),
  organization: rowId.optional(),
});
export type ChangesQuery = z.output<typeof changesQuery>;

export const changes = z.object({
  cursor: z.string(),
  /** Where something happened since `after`. */
  areas: z.array(z.enum(CHANGE_AREAS)),
  /** `after` is too old, or not from here: whatever is shown may have changed. */
  isReset: z.boolean(),
  /** Their numbers grow without an event: while there are some, ask for them. */
  runningBackups: z.int().min(0),
  /** When to ask again at the earliest. */
  waitSeconds: z.int().min(1),
});
export type Changes = z.infer<typeof changes>;
