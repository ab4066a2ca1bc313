/** Found: what a look at the disk (one `lstat`) says about a thing. */
import { type BigIntStats, lstatSync } from "node:fs";
import { systemCode, systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { EntryType } from "../model/entry.ts";
import { diskPath, shownPath } from "./disk-path.ts";

export interface Found {
  /** The catalog path: bytes without a leading slash. */
  readonly path: Buffer;
  readonly type: EntryType;
  /** The length of a file's content; 0 for all else. */
  readonly sizeBytes: number;
  /** The low 12 permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since 1970; may be negative. `splitTime` gives seconds and nanoseconds. */
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
  readonly nlink: number;
  /** Of devices. */
  readonly rdev: bigint;
  /** Allocated, in units of 512 bytes: fewer than the size needs when the file has holes. */
  readonly blocks: number;
}

/** One thing's trouble; the run goes on. */
export interface DiskProblem {
  readonly path: Buffer;
  readonly error: HoldfastError;
}

/** `undefined` when there is nothing (any more). Throws `file/unreadable`. */
export function findOnDisk(path: Buffer): Found | undefined {
  let at: ReturnType<typeof diskPath> | undefined;
  try {
    at = diskPath(path);
    const stats = lstatSync(at.path, { bigint: true, throwIfNoEntry: false });
    return stats && foundOf(path, stats);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw readError(path, error);
  } finally {
    at?.release();
  }
}

/** `undefined` for types of files that nobody knows. */
export function foundOf(path: Buffer, stats: BigIntStats): Found | undefined {
  const mode = Number(stats.mode);
  const type = TYPES[mode >>> 12];
  if (type === undefined) return undefined;
  return {
    path,
    type,
    sizeBytes: type === "file" ? Number(stats.size) : 0,
    mode: mode & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    ino: stats.ino,
    dev: stats.dev,
    nlink: Number(stats.nlink),
    rdev: stats.rdev,
    blocks: Number(stats.blocks),
  };
}

/** By the type bits of a mode. */
const TYPES: readonly (EntryType | undefined)[] = (() => {
  const types: (EntryType | undefined)[] = new Array(16).fill(undefined);
  types[0o10] = "file";
  types[0o04] = "folder";
  types[0o12] = "symlink";
  types[0o01] = "fifo";
  types[0o14] = "socket";
  types[0o02] = "character-device";
  types[0o06] = "block-device";
  return types;
})();

export function splitTime(ns: bigint): { readonly seconds: number; readonly nanoseconds: number } {
  let seconds = ns / 1_000_000_000n;
  let nanoseconds = ns % 1_000_000_000n;
  if (nanoseconds < 0n) {
    seconds -= 1n;
    nanoseconds += 1_000_000_000n;
  }
  return { seconds: Number(seconds), nanoseconds: Number(nanoseconds) };
}

/** `file/vanished` or `file/unreadable`, for whatever a file system call threw. */
export function readError(path: Buffer, cause: unknown): HoldfastError {
  const data = { path: shownPath(path), reason: systemReason(cause) };
  return new HoldfastError(isGone(cause) ? "file/vanished" : "file/unreadable", data, { cause });
}

/** The thing, or a folder on the way to it, is no longer what it was. */
export const isGone = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR", "ELOOP", "ESTALE"].includes(systemCode(error) ?? "");
