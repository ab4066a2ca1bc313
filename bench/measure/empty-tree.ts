/**
 * Gives back what a tree takes on the disk and leaves its names. Removing files would disturb what is measured next: ext4 does
 * not give out an inode again for minutes, and searches past each that it holds back, which makes every new file up to
 * twenty times dearer.
 */
import { chmodSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { walkTree } from "../workloads/describe-tree.ts";

export function emptyTree(folder: string): void {
  for (const { path, stats } of walkTree(folder)) {
    if (!stats.isFile() || stats.size === 0) continue;
    const file = join(folder, path);
    if ((stats.mode & 0o200) === 0) chmodSync(file, 0o600);
    truncateSync(file);
  }
}
