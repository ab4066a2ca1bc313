/** Who else could put another file in a path's place: what runs as the administrator is the administrator's alone, all the way down. */
import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/** Words for what is wrong with it, `undefined` when only root may change it. On Windows nothing is said: access there has no modes. */
export function whoMayReplace(path: string): string | undefined {
  if (process.platform === "win32") return undefined;
  const real = realpathSync(path);
  for (let at = real; ; at = dirname(at)) {
    const { uid, gid, mode } = statSync(at);
    const isAbove = at !== real;
    // In a sticky folder only its owner and a file's own may replace it.
    const isOpen = (mode & OTHERS_WRITE) !== 0 || ((mode & GROUP_WRITES) !== 0 && gid !== 0);
    if (uid !== 0) return `${at} belongs to user ${uid}`;
    if (isOpen && !(isAbove && (mode & STICKY) !== 0)) return `others may write to ${at}`;
    if (at === dirname(at)) return undefined;
  }
}
