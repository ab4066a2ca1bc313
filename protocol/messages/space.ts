/** What a machine's history takes, what was found damaged, and how the service's jobs fare. */
import { z } from "zod";
import { count, id16, instant, listQuery, name, rowId, sizeBytes } from "./fields.ts";

export const spaceView = z.object({
  machine: id16,
  /** What counts for the quota: packs as they lie in the storage. */
  storedBytes: sizeBytes,
  /** Distinct chunks that kept snapshots refer to, sealed; null: not counted yet. Nobody else has them, so nothing of it is shared with other machines. */
  referencedBytes: sizeBytes.nullable(),
  measuredAt: instant.nullable(),
  /** Of what is stored what nobody refers to any more; it is freed by and by. */
  unreferencedBytes: sizeBytes.nullable(),
  /** Freed already, and removed some days later. */
  trashBytes: sizeBytes,
  /** What must be sent again. */
  damagedBytes: sizeBytes,
  snapshots: z.object({ kept: count, pruned: count }),
  collectedAt: instant.nullable(),
  /** A collection would free so much that it waits for an admin's word. */
  heldBytes: sizeBytes.nullable(),
  frozenAt: instant.nullable(),
  frozenReason: z.string().nullable(),
});
export type SpaceView = z.infer<typeof spaceView>;

export const spaceChange = z.strictObject({
  /** Nothing expires until it is false again. */
  isFrozen: z.boolean().optional(),
  /** Lets go what a collection holds back: as much as the view says. */
  confirmBytes: sizeBytes.optional(),
});

/** `machine`: only this one's. */
export const damagesQuery = listQuery.extend({ machine: id16.optional() });

export const damageView = z.object({
  id: rowId,
  machine: id16,
  kind: z.enum(["pack", "record"]),
  name,
  reason: z.string(),
  /** Chunks that are still missing. */
  chunks: count,
  /** Sequences of the snapshots that need them; the machine's `verify` names the files. */
  snapshots: z.array(z.int()),
  state: z.enum(["open", "healed"]),
  foundAt: instant,
  healedAt: instant.nullable(),
});
export type DamageView = z.infer<typeof damageView>;

export const jobView = z.object({
  name: z.string(),
  startedAt: instant,
  /** null: it is running. */
  endedAt: instant.nullable(),
  succeededAt: instant.nullable(),
  /** Of the last run, if it failed. */
  code: z.string().nullable(),
  message: z.string().nullable(),
  result: z.record(z.string(), z.unknown()),
});
export const jobList = z.object({ items: z.array(jobView) });
