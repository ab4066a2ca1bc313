/** What stands around everything that is placed: paths that lead elsewhere are refused, and the system's errors become ours. */
import { systemCode, systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";

/** Throws `restore/unsafe`, `disk/full`, `restore/failed-file`, and what `work` throws of ours. `shown` is asked for when it fails. */
export function guarded<Result>(path: Buffer, shown: (path: Buffer) => string, work: () => Result): Result {
  if (!isSafe(path)) throw new HoldfastError("restore/unsafe", { path: path.toString() });
  try {
    return work();
  } catch (cause) {
    throw asPlaceError(cause, shown(path));
  }
}

export function asPlaceError(cause: unknown, shown: string): HoldfastError {
  if (cause instanceof HoldfastError) return cause;
  const code = systemCode(cause);
  if (code === "ENOSPC" || code === "EDQUOT") return new HoldfastError("disk/full", { path: shown }, { cause });
  return new HoldfastError("restore/failed-file", { path: shown, reason: systemReason(cause) }, { cause });
}

const SLASH = 0x2f;
const DOT = 0x2e;

/** Every component is a name. */
export function isSafe(path: Buffer): boolean {
  if (path.includes(0)) return false;
  for (let from = 0; from <= path.length; ) {
    const slash = path.indexOf(SLASH, from);
    const to = slash < 0 ? path.length : slash;
    const isDots = path[from] === DOT && (to === from + 1 || (to === from + 2 && path[from + 1] === DOT));
    if (to === from || isDots) return false;
    from = to + 1;
  }
  return true;
}
