import { z } from "zod";
import {
  base64,
  deviceKind,
  id16,
  id32,
  instant,
  name,
  password,
  rowId,
  secondFactorCode,
  sizeBytes,
} from "./fields.ts";

/** How a vault secret is kept by somebody other than the machine (format §2.1). */
export const wrap = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("default"), kek: id16, enc: base64(32, 32), ciphertext: base64(48, 48) }),
  z.strictObject({
    kind: z.literal("custom"),
    argon2: z.strictObject({
      memoryKiB: z.int().min(1).max(4_194_304),
      passes: z.int().min(1).max(100),
      parallelism: z.int().min(1).max(64),
    }),
    salt: base64(16, 16),
    check: base64(32, 32),
    nonce: base64(12, 12),
    ciphertext: base64(48, 48),
  }),
  /** `certificate`: the fingerprint of the organization's recovery certificate. */
  z.strictObject({ kind: z.literal("corporate"), certificate: id32, ciphertext: base64(512) }),
]);
export type Wrap = z.infer<typeof wrap>;

export const encryption = z.enum(["default", "custom", "corporate"]);
export type Encryption = z.infer<typeof encryption>;

export const machineFacts = z.strictObject({
  name,
  os: z.string().max(200),
  kind: deviceKind,
  virtual: z.boolean(),
  /** A keyed digest of the hardware's identity: equal for the same computer. */
  fingerprint: id32,
  agentVersion: z.string().max(50),
});
export type MachineFacts = z.infer<typeof machineFacts>;

export const vaultPublic = z.strictObject({
  id: id16,
  readKey: base64(32, 32),
  /** The machine key: Ed25519 public. */
  signer: base64(32, 32),
  signerProof: base64(32, 32),
  wrap,
});
export type VaultPublic = z.infer<typeof vaultPublic>;

export const registerRequest = z.strictObject({
  productKey: z.string().max(100).optional(),
  /** `code`: of a second factor, when the account has one. */
  login: z
    .strictObject({ email: z.string().trim().min(1).max(254), password, code: secondFactorCode.optional() })
    .optional(),
  machine: machineFacts,
  vault: vaultPublic,
});
export const registerResponse = z.object({
  machine: id16,
  token: z.string(),
  organization: z.string(),
  user: z.string(),
});
export type RegisterRequest = z.infer<typeof registerRequest>;
export type RegisterResponse = z.infer<typeof registerResponse>;

/** After the keys on the machine were lost: same machine, same vault, new token and machine key. */
export const recoverRequest = z.strictObject({
  machine: id16,
  facts: machineFacts,
  signer: base64(32, 32),
  signerProof: base64(32, 32),
});
export type RecoverRequest = z.infer<typeof recoverRequest>;

export const quotaView = z.object({
  usedBytes: sizeBytes,
  /** null: no limit at any level. */
  limitBytes: sizeBytes.nullable(),
  availableBytes: sizeBytes.nullable(),
  /** Black, orange, red: the worst of the levels that count for the machine. */
  state: z.enum(["below", "reached", "exceeded"]),
});
export type QuotaView = z.infer<typeof quotaView>;

export const machineView = z.object({
  id: id16,
  name: z.string(),
  os: z.string(),
  kind: deviceKind,
  virtual: z.boolean(),
  state: z.enum(["active", "suspended"]),
  user: z.object({ id: rowId, email: z.string(), name: z.string() }),
  organization: z.string(),
  group: z.object({ id: rowId, name: z.string() }),
  externalId: z.string().nullable(),
  encryption,
  /** Since when this wrap is there: who opened backups before, may have kept what opens them. */
  encryptionSince: instant,
  clientVersion: z.string(),
  productKey: z.string().nullable(),
  createdAt: instant,
  lastUpdateAt: instant.nullable(),
  lastSeenAt: instant.nullable(),
  lastFailureAt: instant.nullable(),
  lastFailureCode: z.string().nullable(),
  deletedAt: instant.nullable(),
  version: z.int(),
  limitBytes: sizeBytes.nullable(),
  quota: quotaView,
  vault: z.object({ id: id16, readKey: base64(32, 32), sequence: z.int(), head: id32 }),
});
export type MachineView = z.infer<typeof machineView>;
