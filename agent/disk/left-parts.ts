/** Names of files that are not whole yet, and removing those that a killed restore has left. */
import { readdirSync, unlinkSync } from "node:fs";
import type { Random } from "../../base/random.ts";

const START = ".holdfast-part-";

/** Says whose it is, so that others know when nobody works on it any more. */
export const partName = (random: Random): Buffer =>
  Buffer.from(`${START}${process.pid.toString(16).padStart(8, "0")}${random(4).toString("hex")}`);

/** For many: one random number, and those after it. */
export function partNames(random: Random): () => Buffer {
  let next = random(4).readUInt32LE(0);
  return () => {
    next = (next + 1) >>> 0;
    return Buffer.from(`${START}${process.pid.toString(16).padStart(8, "0")}${next.toString(16).padStart(8, "0")}`);
  };
}

/** `base`: a folder's disk path with a slash at its end. What a process that still runs is working on stays. */
export function removeLeftParts(base: Buffer): void {
  let names: string[];
  try {
    names = readdirSync(base, "latin1");
  } catch {
    return; // Whoever may not list it has left nothing in it.
  }
  for (const name of names) {
    const [, pid] = /^\.holdfast-part-([0-9a-f]{8})[0-9a-f]{8}$/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number.parseInt(pid, 16))) remove(Buffer.concat([base, Buffer.from(name)]));
  }
}

/** What can't be removed is in nobody's way. */
function remove(path: Buffer): void {
  try {
    unlinkSync(path);
  } catch {
    // A folder, or not ours.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
