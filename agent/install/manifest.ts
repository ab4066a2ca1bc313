/** Whether a manifest is to be believed, and what it means for this machine (format §11). Pure. */
import { isOlderVersion } from "../../base/older-version.ts";
import { verifySignature } from "../../base/signing.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import {
  MANIFEST_CONTEXT,
  parseManifest,
  type UpdateFile,
  type UpdateManifest,
} from "../../protocol/messages/updates.ts";

export interface Trust {
  /** Hexadecimal. */
  readonly keys: readonly string[];
  readonly nowMs: number;
  /** The highest that was ever believed here; 0: none. */
  readonly serialSeen: number;
}

/** Throws `update/refused`. */
export function believe(bytes: Uint8Array, { keys, nowMs, serialSeen }: Trust): UpdateManifest {
  const signed = parseManifest(bytes);
  if (!signed) throw refused("it is no signed manifest");
  const { key, signature, payload, manifest } = signed;
  if (!keys.includes(key)) throw refused(`it is signed with a key that is not trusted here (${key.slice(0, 16)}…)`);
  const message = Buffer.concat([Buffer.from(MANIFEST_CONTEXT), payload]);
  if (!verifySignature(Buffer.from(key, "hex"), message, Buffer.from(signature, "base64")))
    throw refused("its signature is wrong");
  if (manifest.serial < serialSeen)
    throw refused(`it is older (serial ${manifest.serial}) than one that was here before (${serialSeen})`);
  if (Date.parse(manifest.expiresAt) <= nowMs) throw refused(`it has expired (${manifest.expiresAt})`);
  return manifest;
}

export interface Running {
  readonly version: string;
  /** As Node names it: linux-x64. */
  readonly platform: string;
  /** By the policy: this version and no other. */
  readonly pinned: string | null;
}

export type Choice =
  | { readonly kind: "take"; readonly file: UpdateFile }
  /** Nothing to do, or nothing that this machine may do. */
  | { readonly kind: "stay"; readonly because: "newest" | "pinned" | "no-file" | "too-old" };

/** Never to an older version. */
export function chooseUpdate({ version, minimum, files }: UpdateManifest, running: Running): Choice {
  if (!isOlderVersion(running.version, version)) return { kind: "stay", because: "newest" };
  if (running.pinned !== null && running.pinned !== version) return { kind: "stay", because: "pinned" };
  if (minimum !== null && isOlderVersion(running.version, minimum)) return { kind: "stay", because: "too-old" };
  const file = files.find(({ platform }) => platform === running.platform);
  return file ? { kind: "take", file } : { kind: "stay", because: "no-file" };
}

export const refused = (reason: string, cause?: unknown): HoldfastError =>
  new HoldfastError("update/refused", { reason }, { cause });
