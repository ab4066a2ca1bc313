/** Restores that somebody orders on a machine: whoever sits there runs one (`holdfast restore --order <id>`), or its agent does, into folders approved there. */
import { z } from "zod";
import { id16, instant, rowId } from "./fields.ts";
import { restoreStatus } from "./records.ts";

export const ORDER_PATHS_MAX = 1000;

/** Begins with `/`; bytes that are not UTF-8 are spelled `%FF`, and a `%` is spelled `%25`, so that every path can be said. */
export const path = z.string().min(1).max(65_536);

export const orderTarget = z.discriminatedUnion("kind", [
  /** Where it was. */
  z.strictObject({ kind: z.literal("original") }),
  z.strictObject({ kind: z.literal("folder"), path: z.string().min(1).max(4096) }),
]);

export const orderRequest = z.strictObject({
  snapshot: z.int().min(1),
  /** As on that machine; `/` is everything. */
  paths: z.array(path).min(1).max(ORDER_PATHS_MAX),
  target: orderTarget,
  existing: z.enum(["keep", "rename", "overwrite"]).default("rename"),
});
export type OrderRequest = z.output<typeof orderRequest>;

export const ORDER_STATES = ["waiting", "taken", "done", "refused", "cancelled", "expired"] as const;

/**
 * Why an agent does not run it unasked: no folder was approved there; its target lies in none of them; it would replace what is there; only the passphrase
 * opens the backups. Somebody at the machine can run it all the same.
 */
export const ORDER_NOTES = ["nothing-approved", "not-approved", "replaces", "own-key"] as const;
export type OrderNote = (typeof ORDER_NOTES)[number];

export const orderNoteRequest = z.strictObject({ note: z.enum(ORDER_NOTES) });

/** `id` is also the id of its row in Restores. */
export const orderView = orderRequest.extend({
  id: rowId,
  machine: id16,
  machineName: z.string(),
  existing: z.enum(["keep", "rename", "overwrite"]),
  state: z.enum(ORDER_STATES),
  /** Of its row in Restores. */
  status: restoreStatus,
  requestedBy: z.string(),
  requestedAt: instant,
  expiresAt: instant,
  /** Why it waits for somebody there; null as long as its agent has not said. */
  note: z.enum(ORDER_NOTES).nullable(),
  /** The machine's agent has begun it unasked. */
  unasked: z.boolean(),
  /** What to run on the machine. */
  command: z.string(),
});
export type OrderView = z.infer<typeof orderView>;
