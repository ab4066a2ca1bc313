/** What the operating system's error codes mean, in words that end a sentence. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EADDRNOTAVAIL: "this machine has no such address",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is used up",
  EEXIST: "something else is there already",
  EIO: "the disk reports an error",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long for this system",
  ENOENT: "it is not there",
  ENOSPC: "no room left on the disk",
  ENOTDIR: "a folder on the way is not a folder",
  ENOTFOUND: "this name has no address",
  ENOTSUP: "the file system does not support it",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
};

export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** In words where we have them. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return (code && REASONS[code]) ?? code ?? (error instanceof Error ? error.message : String(error));
}
