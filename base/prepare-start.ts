/** What a program of ours does before it loads the rest of itself: it keeps V8's compiled code from run to run. */
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** `version`: of the program; what others left behind is removed when it comes for the first time. */
export function prepareStart(version: string, home = homedir()): void {
  const folder = privateFolder(join(home, ".cache", "holdfast", "compiled"), version);
  if (folder === undefined) return;
  enableCompileCache(folder);
  process.env.NODE_COMPILE_CACHE = folder; // For threads, which are told in this way only.
}

/** Makes it if need be. `undefined` when it can't be made, or could be somebody else's: whoever writes compiled code for us runs as us. */
export function privateFolder(parent: string, version: string): string | undefined {
  try {
    const wanted = join(parent, version);
    const isNew = mkdirSync(wanted, { recursive: true, mode: 0o700 }) !== undefined;
    const folder = realpathSync(wanted);
    if (!isOursAlone(folder)) return undefined;
    if (isNew)
      for (const other of readdirSync(parent))
        if (other !== version) rmSync(join(parent, other), { recursive: true, force: true });
    return folder;
  } catch {
    return undefined;
  }
}

const STICKY = 0o1000;
const OTHERS_WRITE = 0o022;

/** Nobody but us and the administrator can put anything into it or in its place. `path`: without links. */
function isOursAlone(path: string): boolean {
  const ours = process.getuid?.();
  if (ours === undefined) return true; // On Windows a home is its owner's.
  const { uid, mode } = lstatSync(path);
  if (uid !== ours || (mode & OTHERS_WRITE) !== 0) return false;
  for (let above = dirname(path); ; above = dirname(above)) {
    const { uid, mode } = lstatSync(above);
    if (uid !== ours && uid !== 0) return false;
    if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0) return false;
    if (above === dirname(above)) return true;
  }
}
