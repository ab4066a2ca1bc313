import { z } from "zod";
import { CHUNK_BYTES_MAX, LOCATE_IDS_MAX } from "../limits.ts";
import { base64, count, id16, id32, instant, rowId, sizeBytes } from "./fields.ts";
import { wrap } from "./machines.ts";
import { reportedRestoreStatus } from "./records.ts";

export const openRestoreRequest = z.strictObject({
  source: z.enum(["agent", "cli", "web"]),
  /** `recovery-kit`, `change-key`: of own machines only. */
  purpose: z.enum(["restore", "browse", "verify", "recover", "recovery-kit", "change-key"]).default("restore"),
  filesRequested: count.optional(),
  /** Of a restore that was ordered on this machine: its row goes on. */
  order: rowId.optional(),
});
export type OpenRestoreRequest = z.input<typeof openRestoreRequest>;

/** The released secret of a default wrap, or another wrap as it is stored. */
export const releasedWrap = z.union([z.strictObject({ kind: z.literal("released"), secret: base64(32, 32) }), wrap]);
export type ReleasedWrap = z.infer<typeof releasedWrap>;

export const openRestoreResponse = z.object({
  restore: rowId,
  token: z.string(),
  expiresAt: instant,
  machine: id16,
  /** `wrapVersion` grows with every change of the wrap. */
  vault: z.object({ id: id16, epoch: z.int(), readKey: base64(32, 32), wrapVersion: z.int() }),
  wrap: releasedWrap,
});
export type OpenRestoreResponse = z.infer<typeof openRestoreResponse>;

export const locateRequest = z.strictObject({ ids: z.array(id32).max(LOCATE_IDS_MAX) });
export const locateResponse = z.object({
  packs: z.array(z.object({ id: id32, sessions: z.array(base64(32, 32)) })),
  /** In the order of the request: pack index, offset and length of the sealed chunk, session index; null: not here. */
  chunks: z.array(
    z
      .tuple([
        z.int().min(0),
        z.int().min(0),
        z
          .int()
          .min(0)
          .max(CHUNK_BYTES_MAX * 2),
        z.int().min(0),
      ])
      .nullable(),
  ),
});
export type LocateResponse = z.infer<typeof locateResponse>;

export const restoreProgress = z.strictObject({
  filesRequested: count,
  filesRetrieved: count,
  bytes: sizeBytes,
  status: reportedRestoreStatus,
  code: z.string().max(60).optional(),
});
export type RestoreProgress = z.infer<typeof restoreProgress>;
