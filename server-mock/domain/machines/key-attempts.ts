/** Tries at product keys, against guessing: whoever names keys that don't exist is locked out, and so is a key that is tried in vain again and again. */
import { HoldfastError } from "../../../protocol/errors.ts";
import { type Lockouts, lockKeys } from "../access/lockouts.ts";

/** `work` looks at the key and refuses what is wrong with it. Throws `login/locked`. */
export async function guardKey<T>(
  lockouts: Lockouts,
  { productKey, address }: { productKey: string; address: string },
  work: () => Promise<T>,
): Promise<T> {
  const [key, place] = [lockKeys.productKey(productKey), lockKeys.keyAddress(address)];
  await lockouts.check(key, place);
  try {
    return await work();
  } catch (error) {
    const code = error instanceof HoldfastError ? error.code : undefined;
    if (code === "product-key/unknown" || code === "replacement/invalid") await lockouts.fail(key, place);
    // Somebody tries a key that was told to somebody else: no guess, so the place is none of it.
    if (code === "product-key/used" || code === "product-key/revoked") await lockouts.fail(key);
    throw error;
  }
}
