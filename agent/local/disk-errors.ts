/** What a disk says, in our words: a disk that is gone, full or read-only is told apart from a copy that is damaged. */
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const GONE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ENODEV", "ENXIO", "ESTALE", "EHOSTDOWN"]);

/** `wanted`: bytes that were to be written. */
export function diskError(error: unknown, path: string, wanted = 0): unknown {
  if (error instanceof HoldfastError || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  // SQLite's own words say more than its code.
  const data = { path, reason: "errcode" in error ? error.message : systemReason(error) };
  if (FULL.has(code)) return new HoldfastError("local/full", { path, used: 0, limit: 0, wanted }, { cause: error });
  if (GONE.has(code)) return new HoldfastError("local/missing", data, { cause: error });
  return new HoldfastError("local/unwritable", data, { cause: error });
}

export const isAbsent = (error: unknown): boolean => error instanceof Error && codeOf(error) === "ENOENT";

/** For what nobody was promised: it is left where it is. */
export function ignoreCorrupt(error: unknown): undefined {
  if (error instanceof HoldfastError && error.kind === "corrupt") return undefined;
  throw error;
}

/** Of the system, or of SQLite (13: no room; 8: read-only; 10, 14: the file can't be reached). */
function codeOf(error: Error): string | undefined {
  if ("errcode" in error && typeof error.errcode === "number") return SQLITE[error.errcode & 0xff];
  return "code" in error && typeof error.code === "string" && error.code.startsWith("E") ? error.code : undefined;
}

const SQLITE: Readonly<Record<number, string>> = { 8: "EROFS", 10: "EIO", 13: "ENOSPC", 14: "EIO" };

/** Runs `work` on the disk; what fails there is said in our words. */
export async function onDisk<Value>(path: string, work: () => Promise<Value>, wanted = 0): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, path, wanted);
  }
}
