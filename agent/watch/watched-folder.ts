/** A folder that is watched, or was to be: a tree of names, since whole paths would take more than the watches. */
import type { BigIntStats, FSWatcher } from "node:fs";
import { systemCode } from "../../base/system-reason.ts";
import { joinPath } from "./pending-changes.ts";

export interface WatchedFolder {
  /** Latin-1; of a root its path. */
  readonly name: string;
  readonly parent: WatchedFolder | undefined;
  children?: Map<string, WatchedFolder>;
  handle?: FSWatcher | undefined;
  /** Of what the handle watches. */
  identity?: string | undefined;
  dev?: bigint;
  isDropped: boolean;
}

export const pathOf = ({ name, parent }: WatchedFolder): string => (parent ? joinPath(pathOf(parent), name) : name);

export const identityOf = ({ dev, ino, birthtimeNs }: BigIntStats): string => `${dev}:${ino}:${birthtimeNs}`;

/** A number may be given to the next folder at once. The time of birth tells them apart, where the file system knows it. */
export const isSameFolder = (identity: string | undefined, stats: BigIntStats): boolean =>
  stats.birthtimeNs !== 0n && identityOf(stats) === identity;

export function* withAllBelow(folder: WatchedFolder): Generator<WatchedFolder> {
  const open = [folder];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.children) for (const child of next.children.values()) open.push(child);
    yield next;
  }
}

/** Whether there was one. */
export function closeWatch(folder: WatchedFolder): boolean {
  if (!folder.handle) return false;
  folder.handle.close();
  folder.handle = undefined;
  return true;
}

/** ENOSPC: `max_user_watches`; EMFILE: `max_user_instances`, or open files. */
export const isLimit = (error: unknown): boolean => ["ENOSPC", "EMFILE", "ENFILE"].includes(systemCode(error) ?? "");
