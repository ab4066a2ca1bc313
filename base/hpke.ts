/**
 * HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, on raw 32-byte keys. The only
 * importer of `@hpke/core`: sessions take an exported secret from it (format §2), default wraps are sealed with it (format §2.1).
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

// RFC 8410: the fixed DER around a raw private and a raw public X25519 key.
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_PREFIX_BYTES = 12;

/** One end of an HPKE context: both ends export the same secrets. */
export interface HpkeSecrets {
  /** `length` bytes that belong to `context`. */
  exportSecret(context: string, length: number): Promise<Buffer>;
}

/** The sending end; `enc` (32 bytes) is what the recipient needs besides its private key. */
export interface HpkeSender extends HpkeSecrets {
  readonly enc: Buffer;
}

/** Every 32 bytes are a private key; this is its public half. */
export function hpkePublicKey(privateKey: Uint8Array): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, privateKey]), format: "der", type: "pkcs8" });
  return createPublicKey(key).export({ format: "der", type: "spki" }).subarray(PUBLIC_PREFIX_BYTES);
}

/** Fresh at every call: the ephemeral key comes from the system's randomness. */
export async function openSender(to: { publicKey: Uint8Array; info: Uint8Array }): Promise<HpkeSender> {
  const context = await sender(to);
  return { enc: Buffer.from(context.enc), exportSecret: exporter(context) };
}

/** Throws when `enc` is not a possible encapsulated key. */
export async function openRecipient(at: {
  privateKey: Uint8Array;
  enc: Uint8Array;
  info: Uint8Array;
}): Promise<HpkeSecrets> {
  return { exportSecret: exporter(await recipient(at)) };
}

/** Seals one message; `aad` is empty unless given. */
export async function sealBase(message: {
  publicKey: Uint8Array;
  info: Uint8Array;
  plaintext: Uint8Array;
  aad?: Uint8Array;
}): Promise<{ enc: Buffer; ciphertext: Buffer }> {
  const context = await sender(message);
  const ciphertext = await context.seal(exact(message.plaintext), exact(message.aad ?? new Uint8Array()));
  return { enc: Buffer.from(context.enc), ciphertext: Buffer.from(ciphertext) };
}

/** `undefined` when the message was not sealed to this key with this info and associated data, or was altered. */
export async function openBase(message: {
  privateKey: Uint8Array;
  enc: Uint8Array;
  info: Uint8Array;
  ciphertext: Uint8Array;
  aad?: Uint8Array;
}): Promise<Buffer | undefined> {
  try {
    const context = await recipient(message);
    return Buffer.from(await context.open(exact(message.ciphertext), exact(message.aad ?? new Uint8Array())));
  } catch {
    return undefined;
  }
}

async function sender(to: { publicKey: Uint8Array; info: Uint8Array }) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(exact(to.publicKey));
  return await suite.createSenderContext({ recipientPublicKey, info: exact(to.info) });
}

async function recipient(at: { privateKey: Uint8Array; enc: Uint8Array; info: Uint8Array }) {
  const recipientKey = await suite.kem.deserializePrivateKey(exact(at.privateKey));
  return await suite.createRecipientContext({ recipientKey, enc: exact(at.enc), info: exact(at.info) });
}

const exporter =
  (context: { export(context: ArrayBuffer, length: number): Promise<ArrayBuffer> }) =>
  async (name: string, length: number): Promise<Buffer> =>
    Buffer.from(await context.export(exact(Buffer.from(name)), length));

/** A copy in a buffer of its own: the library takes a view's whole buffer, and Node's Buffers share theirs. */
function exact(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
