/** Who can open a machine's backups: another wrap of its vault secret; the recovery certificates of an organization. */
import { z } from "zod";
import { id16, id32, instant } from "./fields.ts";
import { encryption, wrap } from "./machines.ts";

export const wrapChange = z.strictObject({
  wrap,
  /** The version of the wrap that was opened for it, as the restore session gave it. */
  replaces: z.int().min(1),
});
export const wrapChanged = z.object({
  machine: id16,
  encryption,
  encryptionSince: instant,
  wrapVersion: z.int(),
});
export type WrapChanged = z.infer<typeof wrapChanged>;

/** X.509, PEM. */
const certificate = z.string().min(1).max(16_384);

export const recoveryCertificateAdd = z.strictObject({ certificate });

export const recoveryCertificateView = z.object({
  /** SHA-256 of the public key (SPKI). */
  fingerprint: id32,
  /** What the certificate says whose it is. */
  name: z.string(),
  notAfter: instant,
  createdAt: instant,
  createdBy: z.string(),
  /** No new machine may use it; what was wrapped for it stays. */
  retiredAt: instant.nullable(),
});
export type RecoveryCertificateView = z.infer<typeof recoveryCertificateView>;

export const recoveryCertificates = z.object({ items: z.array(recoveryCertificateView) });

export const recoveryCertificateFound = z.object({ fingerprint: id32, certificate });
export type RecoveryCertificateFound = z.infer<typeof recoveryCertificateFound>;
