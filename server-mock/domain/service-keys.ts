/** The service's own keys: the key-encryption key that default wraps are sealed to, and the key that signs receipts. */

import { hkdfSha256, sha256 } from "../../base/digest.ts";
import { hpkePublicKey, openBase } from "../../base/hpke.ts";
import type { Random } from "../../base/random.ts";
import { type SecretBox, secretBox } from "../../base/secret-box.ts";
import { type SigningKey, signingKey } from "../../base/signing.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Wrap } from "../../protocol/messages/machines.ts";

export interface ServiceKeys {
  readonly kek: { readonly id: string; readonly publicKey: Buffer };
  readonly receipts: SigningKey;
  /** For what the database must keep and be able to read again: a copy of it alone opens nothing. */
  readonly secrets: SecretBox;
  /** Hashes the links of record chains: whoever can only write to the database can't make one. */
  readonly chainKey: Buffer;
  /** The vault secret in a default wrap. Throws `key/unavailable`. */
  openWrap(wrap: DefaultWrap, vault: { id: string; epoch: number; readKey: Uint8Array }): Promise<Buffer>;
}

type DefaultWrap = Extract<Wrap, { kind: "default" }>;

/** From 32 secret bytes each. */
export function serviceKeys(secrets: { kek: Buffer; receiptSeed: Buffer }, random: Random): ServiceKeys {
  const publicKey = hpkePublicKey(secrets.kek);
  const id = sha256(publicKey).subarray(0, 16).toString("hex");
  return {
    kek: { id, publicKey },
    receipts: signingKey(secrets.receiptSeed),
    secrets: secretBox(hkdfSha256(secrets.kek, Buffer.alloc(0), "holdfast/v1/service/secrets", 32), random),
    chainKey: hkdfSha256(secrets.receiptSeed, Buffer.alloc(0), "holdfast/v1/service/record-chain", 32),
    async openWrap(wrap, vault) {
      const unavailable = (reason: string) => new HoldfastError("key/unavailable", { reason });
      if (wrap.kek !== id) throw unavailable("it was sealed to another key-encryption key");
      const secret = await openBase({
        privateKey: secrets.kek,
        info: wrapInfo(vault.id, vault.epoch),
        enc: Buffer.from(wrap.enc, "base64"),
        ciphertext: Buffer.from(wrap.ciphertext, "base64"),
      });
      if (secret === undefined) throw unavailable("its wrap does not open");
      const readKey = hpkePublicKey(hkdfSha256(secret, Buffer.from(vault.id, "hex"), "holdfast/v1/read", 32));
      if (!readKey.equals(vault.readKey)) throw unavailable("its wrap holds the secret of another vault");
      return secret;
    },
  };
}

/** Tells keys apart, and nothing about them. */
export const keysFingerprint = ({ kek, receipts }: ServiceKeys): string =>
  sha256(Buffer.concat([kek.publicKey, receipts.publicKey])).toString("hex");

/** Binds a wrap to its vault (format §2.1). */
function wrapInfo(vault: string, epoch: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(epoch);
  return Buffer.concat([Buffer.from("holdfast/v1/wrap/default"), Buffer.from(vault, "hex"), number]);
}
