/** A disk that is soon full: a file system in memory, which only root may mount. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk extends Disposable {
  resize(sizeMiB: number): void;
}

/** Why there can be none here; `undefined` when there can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) return "only root on Linux can mount a small disk";
  const folder = mkdtempSync(join(tmpdir(), "holdfast-mount-"));
  try {
    smallDisk(folder, 1)[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return `no small disk can be mounted: ${error instanceof Error ? error.message : error}`;
  } finally {
    rmdirSync(folder);
  }
}

/** At `folder`, which is made. */
export function smallDisk(folder: string, sizeMiB: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  run("mount", "-t", "tmpfs", "-o", `size=${Math.ceil(sizeMiB * 1024)}k`, "tmpfs", folder);
  return {
    resize: (larger) => run("mount", "-o", `remount,size=${Math.ceil(larger * 1024)}k`, folder),
    [Symbol.dispose]: () => run("umount", "-l", folder),
  };
}

function run(command: string, ...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(error?.message ?? stderr.trim());
}
