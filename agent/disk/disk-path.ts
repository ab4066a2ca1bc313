/**
 * Catalog paths on this system's disk. A path longer than the system takes in one call (4,095 bytes on Linux) is reached
 * through open folders: `/proc/self/fd/<number>/rest`. Such a path holds until it is released.
 */
import { closeSync, constants, openSync, readlinkSync } from "node:fs";

export interface DiskPath {
  readonly path: Buffer;
  release(): void;
}

/** Longest path given to the system as it is; one name (255 bytes) more still fits. */
export const PATH_BYTES_MAX = process.platform === "linux" ? 3_840 : 1_000_000;
const SLASH = 0x2f;
const ROOT = Buffer.from("/");
/** Linux: a folder can be passed through without the right to list it. */
const O_PATH = 0o10000000;

/** Fails like `open` when a folder on the way of a long path is gone or is no folder. */
export function diskPath(path: Buffer): DiskPath {
  if (path.length <= PATH_BYTES_MAX) return { path: shortDiskPath(path), release: nothing };
  let base: Buffer = ROOT;
  let fd: number | undefined;
  let from = 0;
  while (base.length + path.length - from > PATH_BYTES_MAX) {
    const to = path.lastIndexOf(SLASH, from + PATH_BYTES_MAX - base.length);
    if (to <= from) break;
    const next = enterFolder(Buffer.concat([base, path.subarray(from, to)]), fd);
    fd = next.fd;
    base = next.base;
    from = to + 1;
  }
  const last = fd;
  return {
    path: Buffer.concat([base, path.subarray(from)]),
    release: () => (last === undefined ? undefined : closeSync(last)),
  };
}

/** Opens a folder, not through a symlink, as the beginning (with its slash) of shorter paths; `before` is closed. */
export function enterFolder(folder: Buffer, before?: number): { readonly fd: number; readonly base: Buffer } {
  try {
    const fd = openSync(folder, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    return { fd, base: Buffer.from(`/proc/self/fd/${fd}/`) };
  } finally {
    if (before !== undefined) closeSync(before);
  }
}

/** The path on disk, whatever its length. */
export function shortDiskPath(path: Buffer): Buffer {
  if (process.platform === "win32") return Buffer.from(path.toString().replace(/^([A-Za-z])(?=\/|$)/, "$1:"));
  const disk = Buffer.allocUnsafe(path.length + 1);
  disk[0] = SLASH;
  path.copy(disk, 1);
  return disk;
}

/** What people are shown; bytes that are not UTF-8 appear as U+FFFD. */
export const shownPath = (path: Buffer): string => `/${path.toString()}`;

/** The catalog path of an absolute path in the system's own notation. */
export function catalogPath(absolute: string | Buffer): Buffer {
  const bytes = Buffer.from(process.platform === "win32" ? absolute.toString().replaceAll("\\", "/") : absolute);
  const parts: Buffer[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const slash = bytes.indexOf(SLASH, from);
    const to = slash < 0 ? bytes.length : slash;
    const part = bytes.subarray(from, to).toString("latin1");
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(Buffer.from(part, "latin1"));
    from = to + 1;
  }
  const joined = parts.flatMap((part, at) => (at === 0 ? [part] : [ROOT, part]));
  return Buffer.concat(joined);
}

/** The target of a symlink. */
export const readLink = (path: Buffer): Buffer => readlinkSync(path, { encoding: "buffer" });

function nothing(): void {}
