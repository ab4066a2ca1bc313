/** Folders that say of themselves that they are caches (bford.info/cachedir): a file of this name that begins with the signature. */
import { closeSync, openSync, readSync } from "node:fs";

export const CACHE_TAG = "CACHEDIR.TAG";
const SIGNATURE = Buffer.from("Signature: 8a477f597d28d172789f06886806bc55");

/** `tag`: the disk path of the file. One that can't be read says nothing. */
export function isCacheTag(tag: Buffer): boolean {
  const start = Buffer.alloc(SIGNATURE.length);
  try {
    const fd = openSync(tag, "r");
    try {
      readSync(fd, start, 0, start.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
  return start.equals(SIGNATURE);
}
