/**
 * Files that survive a power cut: written beside, synced, renamed, and the folder synced. Nothing half-made ever has its
 * final name. After a failed sync the file is given up: a second sync may claim success for pages that are lost.
 */
import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";

export async function writeDurably(path: string, bytes: Uint8Array, options: { mode?: number } = {}): Promise<void> {
  const beside = `${path}.${process.pid}.${Math.floor(performance.now() * 1000)}.part`;
  try {
    const file = await open(beside, "wx", options.mode ?? 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Nothing that is there is replaced: rejects with EEXIST. */
export async function writeNew(path: string, bytes: Uint8Array, options: { mode?: number } = {}): Promise<void> {
  const file = await open(path, "wx", options.mode ?? 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
}

/** Makes names that were added to or removed from a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return; // Windows has no folder sync; NTFS journals names itself.
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
