/** What a person names to be backed up. */
import { lstat, realpath, stat } from "node:fs/promises";
import { HoldfastError } from "../protocol/errors.ts";
import { shown } from "./names.ts";
import type { Terminal } from "./terminal.ts";

/** The thing itself: of a link only the link would be kept, and whoever names one means what is behind it. Throws `root/missing`. */
export async function namedRoot(path: string, terminal: Terminal, kind: "folder" | "any" = "any"): Promise<string> {
  const missing = (reason: string, cause?: unknown) => new HoldfastError("root/missing", { path, reason }, { cause });
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw missing(cause.code === "ENOENT" ? "it is not there" : cause.message, cause);
  });
  if (kind === "folder" && !found.isDirectory()) throw missing("it is not a folder");
  if (!(await lstat(path)).isSymbolicLink()) return path;
  const real = await realpath(path);
  terminal.note(`${shown(path)} leads to ${shown(real)}: that is backed up, under that name`);
  return real;
}
