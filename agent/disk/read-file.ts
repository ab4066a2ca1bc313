/**
 * A user's file opened for reading: never through a symlink, only if it is still the file that the walk saw, never
 * beyond the size it had when it was opened. All calls are synchronous: they run inside worker threads.
 */

import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { systemCode } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { diskPath, shownPath } from "./disk-path.ts";
import { type Found, isGone, readError } from "./found.ts";
import { platform } from "./platform/platform.ts";

/** A stretch of data; what lies between extents are holes. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

export interface FileReader extends Disposable {
  readonly path: Buffer;
  readonly fd: number;
  /** At the moment it was opened, as are its extents. */
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** Not through a symlink, without waiting for the writer of a FIFO that took the place. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const O_NOATIME = constants.O_NOATIME ?? 0;
const ownUid = process.geteuid?.() ?? -1;

/** Throws `file/vanished` (also when another file has taken its place) and `file/unreadable`. Dispose of it. */
export function openFile(seen: Pick<Found, "path" | "dev" | "ino" | "uid">): FileReader {
  const { path } = seen;
  let fd: number | undefined;
  try {
    fd = openUnseen(path, ownUid === 0 || ownUid === seen.uid);
    const stats = fstatSync(fd, { bigint: true });
    if (stats.ino !== seen.ino || stats.dev !== seen.dev || !stats.isFile()) {
      throw new HoldfastError("file/vanished", { path: shownPath(path), reason: "another file has taken its place" });
    }
    return new Reader(path, fd, stats);
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    throw error instanceof HoldfastError ? error : readError(path, error);
  }
}

/** Returns how many bytes were read; fewer than asked for only when the file has become shorter. */
export function readAt(file: FileReader, buffer: Uint8Array, position: number): number {
  const length = Math.min(buffer.length, Math.max(0, file.sizeBytes - position));
  let done = 0;
  try {
    while (done < length) {
      const count = readSync(file.fd, buffer, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
  } catch (error) {
    throw readError(file.path, error);
  }
  return done;
}

/** Whether it was written to, or its metadata set, since it was opened. */
export function hasChanged(file: FileReader): boolean {
  const stats = fstatSync(file.fd, { bigint: true });
  return Number(stats.size) !== file.sizeBytes || stats.mtimeNs !== file.mtimeNs || stats.ctimeNs !== file.ctimeNs;
}

/** The stretches of data in order. One for a file without holes, or where the system can't tell. `blocks`: what the file has allocated. */
export const findExtents = (file: FileReader, blocks: number): readonly Extent[] =>
  findData(file, blocks, 0, file.sizeBytes).extents;

/** Those from `from` to `to`; when there are none, also where data goes on behind. */
export function findData(
  file: FileReader,
  blocks: number,
  from: number,
  to: number,
): { readonly extents: readonly Extent[]; readonly dataAt?: number } {
  const limit = Math.min(to, file.sizeBytes);
  const whole = { extents: from < limit ? [{ offset: from, length: limit - from }] : [] };
  const { seekData, seekHole } = platform;
  if (blocks * 512 >= file.sizeBytes || from >= limit || !seekData || !seekHole) return whole;
  try {
    const extents: Extent[] = [];
    for (let at = from; at < limit; ) {
      const begin = seekData(file.fd, at) ?? file.sizeBytes;
      if (begin >= limit) return extents.length > 0 ? { extents } : { extents, dataAt: begin };
      const end = Math.min(seekHole(file.fd, begin) ?? limit, limit);
      if (end <= begin) return whole; // It changes under our eyes.
      extents.push({ offset: begin, length: end - begin });
      at = end;
    }
    return { extents };
  } catch (error) {
    // File systems without holes refuse the question.
    if (systemCode(error) === "EINVAL" || systemCode(error) === "ENOTSUP") return whole;
    throw readError(file.path, error);
  }
}

/** For large files that were read once: what was cached of that stretch is of no use to anyone. */
export function forgetCache(file: FileReader, from: number, length: number): void {
  platform.forgetCache?.(file.fd, from, length);
}

class Reader implements FileReader {
  readonly path: Buffer;
  readonly fd: number;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;

  constructor(path: Buffer, fd: number, stats: BigIntStats) {
    this.path = path;
    this.fd = fd;
    this.sizeBytes = Number(stats.size);
    this.mtimeNs = stats.mtimeNs;
    this.ctimeNs = stats.ctimeNs;
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}

/** Without leaving a trace in the access time, where the system lets us: for its owner and the administrator. */
function openUnseen(path: Buffer, mayHide: boolean): number {
  const at = diskPath(path);
  try {
    if (!mayHide || O_NOATIME === 0) return openSync(at.path, FLAGS);
    try {
      return openSync(at.path, FLAGS | O_NOATIME);
    } catch (error) {
      if (systemCode(error) !== "EPERM" || isGone(error)) throw error;
      return openSync(at.path, FLAGS);
    }
  } finally {
    at.release();
  }
}
