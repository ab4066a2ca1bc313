/** SHA-256, HMAC-SHA-256, HKDF-SHA-256 and CRC-32: every use of a digest in the product goes through here. */
import { createHash, createHmac, type Hash, hash, hkdfSync, type KeyObject, timingSafeEqual } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";

export const sha256 = (bytes: Uint8Array): Buffer => hash("sha256", bytes, "buffer");

export const sha256Stream = (): Hash => createHash("sha256");

/** S3 servers check what they receive with it; nothing of ours leans on it. */
export const md5Stream = (): Hash => createHash("md5");

export function hmacSha256(key: Uint8Array | KeyObject, ...parts: readonly Uint8Array[]): Buffer {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

export const hkdfSha256 = (secret: Uint8Array, salt: Uint8Array, info: string, length: number): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, salt, info, length));

export const crc32 = (bytes: Uint8Array): number => zlibCrc32(bytes);

/** Compares without telling by its time where the difference is; unequal lengths are unequal. */
export const equalSecrets = (a: Uint8Array, b: Uint8Array): boolean => timingSafeEqual(sha256(a), sha256(b));
