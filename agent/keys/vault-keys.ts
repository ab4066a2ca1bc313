/** From the vault secret to every key by purpose (format §2). */
import { hkdfSha256, hmacSha256 } from "../../base/digest.ts";
import { hpkePublicKey } from "../../base/hpke.ts";

/** What whoever holds the vault secret knows: enough to read. */
export interface VaultKeys {
  readonly vault: Buffer;
  readonly epoch: number;
  /** X25519. */
  readonly readPrivate: Buffer;
  readonly readPublic: Buffer;
  readonly idKey: Buffer;
  readonly splitKey: Buffer;
  readonly signerKey: Buffer;
}

/** What a machine keeps: enough to add to the history, not to open it. */
export interface WriteKeys {
  readonly vault: Buffer;
  readonly epoch: number;
  readonly readPublic: Buffer;
  readonly idKey: Buffer;
  readonly splitKey: Buffer;
  /** Seed of the machine key. */
  readonly signerSeed: Buffer;
  readonly signerProof: Buffer;
}

export function deriveVaultKeys(secret: Uint8Array, vault: Uint8Array, epoch: number): VaultKeys {
  const derive = (label: string) => hkdfSha256(secret, vault, `holdfast/v1/${label}`, 32);
  const readPrivate = derive("read");
  return {
    vault: Buffer.from(vault),
    epoch,
    readPrivate,
    readPublic: hpkePublicKey(readPrivate),
    idKey: derive("id"),
    splitKey: derive("split"),
    signerKey: derive("signer"),
  };
}

/** Vouches for a machine key: only the holder of the vault secret can make or check it. */
export const signerProof = (keys: Pick<VaultKeys, "signerKey">, machineKey: Uint8Array): Buffer =>
  hmacSha256(keys.signerKey, machineKey);
