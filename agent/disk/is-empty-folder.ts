/** Whether a folder has nothing in it. What can't be listed is not known to be empty. */
import { opendirSync } from "node:fs";
import { diskPath } from "./disk-path.ts";

export function isEmptyFolder(path: Buffer): boolean {
  let at: ReturnType<typeof diskPath> | undefined;
  try {
    at = diskPath(path);
    // Names don't matter, so neither do bytes that are no UTF-8.
    const folder = opendirSync(at.path.length === 0 ? Buffer.from("/") : at.path);
    try {
      return folder.readSync() === null;
    } finally {
      folder.closeSync();
    }
  } catch {
    return false;
  } finally {
    at?.release();
  }
}
