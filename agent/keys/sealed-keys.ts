/** The key file's content under a key that lies in the keystore: keystores hold little, and a file is written at one go. */
import { z } from "zod";
import { systemRandom } from "../../base/random.ts";
import { secretBox } from "../../base/secret-box.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { base64 } from "../../protocol/messages/fields.ts";
import type { Keystore } from "./keystore.ts";

export const sealedKeys = z.strictObject({
  version: z.literal(1),
  /** Name of its key there. */
  keystore: z.string().min(1).max(200),
  sealed: base64(64 * 1024),
});
export type SealedKeys = z.infer<typeof sealedKeys>;

const CONTEXT = "holdfast/v1/key-file";
const KEY_BYTES = 32;

/** A new key each time. It is read back before the file that needs it is written. */
export async function sealKeys(plain: Buffer, name: string, keystore: Keystore): Promise<SealedKeys> {
  const key = systemRandom(KEY_BYTES);
  await keystore.put(name, key);
  if (!(await keystore.find(name))?.equals(key))
    throw new HoldfastError("keystore/unavailable", { reason: "it did not keep what it was given" });
  const sealed = secretBox(key, systemRandom).seal(plain, CONTEXT);
  return { version: 1, keystore: name, sealed: sealed.toString("base64") };
}

/** Throws `keystore/unavailable`. */
export async function openKeys({ keystore: name, sealed }: SealedKeys, keystore: Keystore): Promise<Buffer> {
  const key = await keystore.find(name);
  if (key === undefined)
    throw new HoldfastError("keystore/unavailable", { reason: "it has no key of this machine any more" });
  const plain = secretBox(key, systemRandom).open(Buffer.from(sealed, "base64"), CONTEXT);
  if (plain === undefined) throw new HoldfastError("keystore/unavailable", { reason: "its key is not this file's" });
  return plain;
}
