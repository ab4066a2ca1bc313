/** Ed25519 with raw 32-byte keys. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

// RFC 8410: the fixed DER around a raw private and a raw public Ed25519 key.
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** A signing key pair from its 32-byte seed. */
export interface SigningKey {
  readonly publicKey: Buffer;
  sign(message: Uint8Array): Buffer;
}

export function signingKey(seed: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: "der", type: "pkcs8" });
  return { publicKey: rawPublicKey(createPublicKey(key)), sign: (message) => sign(null, message, key) };
}

/** False for a wrong signature and for a key that is none. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: "der", type: "spki" });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: "der", type: "spki" }).subarray(PUBLIC_PREFIX.length);
}
