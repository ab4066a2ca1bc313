/** New versions of the agent, as whoever publishes them signs them (format §11). The service hands them on and is not believed. */
import { z } from "zod";
import { instant, sizeBytes } from "./fields.ts";

/** Of a manifest's file. */
export const MANIFEST_BYTES_MAX = 65_536;
/** `holdfast-update/1`, the signer's public key, the signature: then the bytes that were signed. */
export const MANIFEST_HEAD = /^holdfast-update\/1 ([0-9a-f]{64}) ([A-Za-z0-9+/]{86}==)\n/;
/** Before the signed bytes, so that a signature of another kind is none of this. */
export const MANIFEST_CONTEXT = "holdfast/v1/update\0";

const version = z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/);

export const updateManifest = z.strictObject({
  version,
  /** Higher than of every manifest before. */
  serial: z.int().min(1),
  madeAt: instant,
  /** Who keeps older ones back is found out then. */
  expiresAt: instant,
  /** Older agents can't go to it in one step; null: all can. */
  minimum: version.nullable(),
  files: z
    .array(
      z.strictObject({
        /** As Node names it: linux-x64, darwin-arm64, win32-x64. */
        platform: z.string().regex(/^[a-z0-9]{1,20}-[a-z0-9]{1,20}$/),
        name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/),
        sizeBytes,
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(50),
});
export type UpdateManifest = z.infer<typeof updateManifest>;
export type UpdateFile = UpdateManifest["files"][number];

export interface SignedManifest {
  /** Who says that they have signed it, hexadecimal. */
  readonly key: string;
  /** Base64. */
  readonly signature: string;
  /** What was signed. */
  readonly payload: Uint8Array;
  readonly manifest: UpdateManifest;
}

/** Nothing is proven by it. `undefined`: it is no manifest. */
export function parseManifest(bytes: Uint8Array): SignedManifest | undefined {
  if (bytes.length > MANIFEST_BYTES_MAX) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const [head = "", key = "", signature = ""] = MANIFEST_HEAD.exec(text) ?? [];
    if (head === "") return undefined;
    const manifest = updateManifest.parse(JSON.parse(text.slice(head.length)));
    return { key, signature, payload: bytes.subarray(head.length), manifest };
  } catch {
    return undefined;
  }
}
