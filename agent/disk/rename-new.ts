/** Renaming to a name that must be free, and removing what may be gone. */

import { linkSync, unlinkSync } from "node:fs";
import { systemCode } from "../../base/system-reason.ts";
import { isGone } from "./found.ts";
import { platform } from "./platform/platform.ts";

/** Never replaces anything: fails with EEXIST. Not for folders. */
export function renameNew(from: Buffer, to: Buffer): void {
  if (platform.renameNew) {
    try {
      platform.renameNew(from, to);
      return;
    } catch (error) {
      // Some file systems can't.
      if (systemCode(error) !== "EINVAL" && systemCode(error) !== "ENOSYS") throw error;
    }
  }
  linkSync(from, to);
  unlinkSync(from);
}

export function removeQuietly(path: Buffer): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
