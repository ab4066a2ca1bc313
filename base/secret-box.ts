/** Small secrets at rest: AES-256-GCM under one key with a random nonce, bound to what they are for. nonce(12) ‖ ciphertext ‖ tag(16). */
import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Random } from "./random.ts";

export interface SecretBox {
  /** `context` says whose and what for; only the same opens it again. */
  seal(plaintext: Uint8Array, context: string): Buffer;
  /** undefined: sealed under another key or for another context, or damaged. */
  open(sealed: Uint8Array, context: string): Buffer | undefined;
}

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `key`: 32 bytes. Random nonces are safe for 2^32 secrets under one key. */
export const secretBox = (key: Uint8Array, random: Random): SecretBox => ({
  seal(plaintext, context) {
    const nonce = random(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
    return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  },
  open(sealed, context) {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch {
      return undefined; // GCM says no more than that.
    }
  },
});
