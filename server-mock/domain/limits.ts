/** Storage limits within one another. */
import { HoldfastError } from "../../protocol/errors.ts";

/** A limit lies between what is used or handed on below it and the limits above it. Throws `limit/out-of-range`, naming both. */
export function checkLimit(
  limit: number | null,
  within: { readonly minimum: number; readonly above: readonly (number | null)[] },
): void {
  if (limit === null) return;
  const maximum = Math.min(...within.above.map((each) => each ?? Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  if (limit < within.minimum || limit > maximum)
    throw new HoldfastError("limit/out-of-range", { minimum: within.minimum, maximum });
}
