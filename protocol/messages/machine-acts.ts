/** What is done to one machine at the console, and what is seen of it there. */
import { z } from "zod";
import { base64, count, deviceKind, id16, instant, rowId, sizeBytes } from "./fields.ts";
import { agentView } from "./heartbeat.ts";
import { machineFacts, machineView } from "./machines.ts";
import { releasedWrap } from "./restores.ts";

/** What an admin sees of one machine, beyond its line in lists. */
export const machineDetails = machineView.extend({
  algorithm: z.literal("AES-256-GCM"),
  /** The product key that it was registered with. */
  key: z.object({ id: rowId, lastGroup: z.string(), kind: deviceKind }).nullable(),
  installRegion: z.string().nullable(),
  /** What its storage limit may be set to; maximum null: anything. */
  limitRange: z.object({ minimum: sizeBytes, maximum: sizeBytes.nullable() }),
  /** Of a deleted one: until when it can be brought back. */
  undeletableUntil: instant.nullable(),
  /** The configuration that holds for it, and the one that its agent has taken over; null: none yet. */
  policy: z.object({ tag: z.string(), takenTag: z.string().nullable(), takenAt: instant.nullable() }),
  /** How its agent last said that it is; null: none has been at work there. */
  agent: agentView.nullable(),
});
export type MachineDetails = z.infer<typeof machineDetails>;

export const machineChange = z.strictObject({
  state: z.enum(["active", "suspended"]).optional(),
  /** null: shares the user's storage. */
  limitBytes: z.int().min(1).nullable().optional(),
  externalId: z.string().trim().min(1).max(200).nullable().optional(),
});

/** The machine's name, typed in. */
export const machinePurge = z.strictObject({ confirm: z.string().max(200) });

export const machineMove = z.strictObject({ user: rowId });

export const MOVE_ROWS_MAX = 10_000;
export const MOVE_COLUMNS = ["Machine Name", "Machine Hash", "Current Owner", "New Owner"] as const;

/** The body is the file itself. */
export const movesQuery = z.strictObject({ dryRun: z.stringbool().default(false) });
export const movesResult = z.object({
  dryRun: z.boolean(),
  read: count,
  moved: count,
  /** No New Owner, or the machine is that user's already. */
  skipped: count,
  /** Rows as spreadsheets count them: the header is row 1. */
  errors: z.array(z.object({ row: z.int(), machine: z.string(), code: z.string(), message: z.string() })),
});
export type MovesResult = z.infer<typeof movesResult>;

/** For new hardware: whoever sits there types it in. Shown once. */
export const replacementCreated = z.object({ code: z.string(), expiresAt: instant, machine: id16 });

const code = z.string().max(100);
export const replacementOpen = z.strictObject({ code });
/** The machine whose history goes on, with the vault secret as far as the service may release it. */
export const replacementOpened = z.object({
  machine: id16,
  name: z.string(),
  kind: deviceKind,
  vault: z.object({ id: id16, epoch: z.int(), readKey: base64(32, 32) }),
  wrap: releasedWrap,
});
export type ReplacementOpened = z.infer<typeof replacementOpened>;

export const replacementUse = z.strictObject({
  code,
  facts: machineFacts,
  signer: base64(32, 32),
  signerProof: base64(32, 32),
});
export type ReplacementUse = z.infer<typeof replacementUse>;
