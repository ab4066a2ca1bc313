/** A key from what a person remembers: Argon2id, dear for whoever has to guess. */
import { argon2 } from "node:crypto";
import { promisify } from "node:util";

export interface PassphraseCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** 32 bytes. `salt`: 16 random bytes that are kept with what the key seals. */
export async function passphraseKey(passphrase: string, salt: Uint8Array, cost: PassphraseCost): Promise<Buffer> {
  return await promisify(argon2)("argon2id", {
    message: Buffer.from(passphrase.normalize("NFC")),
    nonce: salt,
    memory: cost.memoryKiB,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength: 32,
  });
}
