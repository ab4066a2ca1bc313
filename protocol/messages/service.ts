import { z } from "zod";
import { base64, count, id16, sizeBytes } from "./fields.ts";

export const serviceFacts = z.object({
  name: z.literal("holdfast"),
  version: z.string(),
  protocol: z.object({ min: z.int(), max: z.int() }),
  /** Where default wraps are sealed to: an X25519 public key. */
  kek: z.object({ id: id16, publicKey: base64(32, 32) }),
  /** Ed25519 public key that signs receipts. */
  receiptKey: base64(32, 32),
  limits: z.object({ packBytes: sizeBytes, uploads: count }),
});
export type ServiceFacts = z.infer<typeof serviceFacts>;

export const health = z.object({
  status: z.enum(["ok", "failing"]),
  checks: z.record(z.string(), z.string()).optional(),
});
