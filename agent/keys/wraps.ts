/** The vault secret in somebody else's keeping (format §2.1): the service's for default keys, a passphrase's for custom ones; corporate-wrap.ts has the third. */
import { argon2, createCipheriv, createDecipheriv } from "node:crypto";
import { promisify } from "node:util";
import { ByteWriter } from "../../base/bytes.ts";
import { equalSecrets } from "../../base/digest.ts";
import { sealBase } from "../../base/hpke.ts";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Wrap } from "../../protocol/messages/machines.ts";

export type CustomWrap = Extract<Wrap, { kind: "custom" }>;

/** Which vault a wrap is for; bound into it. */
export interface WrapScope {
  readonly vault: Uint8Array;
  readonly epoch: number;
}

export interface KeyEncryptionKey {
  readonly id: string;
  readonly publicKey: Uint8Array;
}

const ARGON2 = { memoryKiB: 256 * 1024, passes: 3, parallelism: 4 } as const;
/** A service can neither weaken the derivation nor exhaust the machine with it. */
const ARGON2_BOUNDS = {
  memoryKiB: [64 * 1024, 1024 * 1024],
  passes: [3, 10],
  parallelism: [1, 16],
} as const;
const CIPHER = "aes-256-gcm";
const TAG_BYTES = 16;

export async function wrapDefault(secret: Uint8Array, scope: WrapScope, kek: KeyEncryptionKey): Promise<Wrap> {
  const info = scopeBytes("holdfast/v1/wrap/default", scope);
  const { enc, ciphertext } = await sealBase({ publicKey: kek.publicKey, info, plaintext: secret });
  return { kind: "default", kek: kek.id, enc: enc.toString("base64"), ciphertext: ciphertext.toString("base64") };
}

export async function wrapCustom(
  secret: Uint8Array,
  scope: WrapScope,
  passphrase: string,
  random: Random,
  cost: CustomWrap["argon2"] = ARGON2,
): Promise<CustomWrap> {
  const salt = random(16);
  const nonce = random(12);
  const { key, check } = await derive(passphrase, salt, cost);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(customData(scope, cost, salt));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  const base64 = (bytes: Buffer) => bytes.toString("base64");
  return {
    kind: "custom",
    argon2: cost,
    salt: base64(salt),
    check: base64(check),
    nonce: base64(nonce),
    ciphertext: base64(ciphertext),
  };
}

/** Throws `key/weak-wrap`: then nobody should even be asked for the passphrase. */
export function refuseWeakWrap(wrap: CustomWrap): void {
  for (const name of ["memoryKiB", "passes", "parallelism"] as const) {
    const [minimum, maximum] = ARGON2_BOUNDS[name];
    if (wrap.argon2[name] < minimum || wrap.argon2[name] > maximum) throw new HoldfastError("key/weak-wrap");
  }
}

/** The vault secret. Throws `key/wrong-passphrase`, and `key/weak-wrap` before the passphrase is used at all. */
export async function openCustom(wrap: CustomWrap, scope: WrapScope, passphrase: string): Promise<Buffer> {
  refuseWeakWrap(wrap);
  const salt = Buffer.from(wrap.salt, "base64");
  const { key, check } = await derive(passphrase, salt, wrap.argon2);
  // The cipher does not commit to its key, so the check value does (a guess must not be testable in bulk).
  if (!equalSecrets(check, Buffer.from(wrap.check, "base64"))) throw new HoldfastError("key/wrong-passphrase");
  const sealed = Buffer.from(wrap.ciphertext, "base64");
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(wrap.nonce, "base64"), { authTagLength: TAG_BYTES });
  decipher.setAAD(customData(scope, wrap.argon2, salt));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new HoldfastError("key/not-this-vault", {}, { cause });
  }
}

async function derive(
  passphrase: string,
  salt: Buffer,
  cost: CustomWrap["argon2"],
): Promise<{ key: Buffer; check: Buffer }> {
  const bytes = await promisify(argon2)("argon2id", {
    message: Buffer.from(passphrase.normalize("NFC")),
    nonce: salt,
    memory: cost.memoryKiB,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength: 64,
  });
  return { key: bytes.subarray(0, 32), check: bytes.subarray(32) };
}

const customData = (scope: WrapScope, cost: CustomWrap["argon2"], salt: Buffer): Buffer =>
  new ByteWriter()
    .bytes(scopeBytes("holdfast/v1/wrap/custom", scope))
    .u32(cost.memoryKiB)
    .u32(cost.passes)
    .u32(cost.parallelism)
    .bytes(salt)
    .take();

export const scopeBytes = (label: string, scope: WrapScope): Buffer =>
  new ByteWriter().bytes(Buffer.from(label)).bytes(scope.vault).u32(scope.epoch).take();
