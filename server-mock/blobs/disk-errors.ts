/** What a disk says → our names. */
import { HoldfastError } from "../../protocol/errors.ts";

export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** The disk's trouble gets our names; a broken connection and our own errors pass as they are. */
export function asStorageError(error: unknown): unknown {
  if (error instanceof HoldfastError) return error;
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
    return new HoldfastError("storage/full", {}, { cause: error });
  if (error instanceof Error && "syscall" in error && code !== "ECONNRESET")
    return new HoldfastError("storage/failed", { reason: code }, { cause: error });
  return error;
}
