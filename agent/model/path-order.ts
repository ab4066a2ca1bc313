/** The order of a catalog: bytewise with `/` lowest, so that a folder is followed at once by its contents (format §6.1). */

const SLASH = 0x2f;

/** Negative when `a` comes first, positive when `b` does, 0 when they are equal. */
export function comparePaths(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a[at] as number; // Within both lengths.
    const y = b[at] as number;
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

const rank = (byte: number): number => (byte === SLASH ? -1 : byte);

/** Whether `path` is `folder` itself or lies below it. An empty folder path contains everything. */
export function isWithin(path: Buffer, folder: Buffer): boolean {
  if (folder.length === 0) return true;
  if (path.length < folder.length || path.compare(folder, 0, folder.length, 0, folder.length) !== 0) return false;
  return path.length === folder.length || path[folder.length] === SLASH;
}

/** A place between the entries of a catalog: right before `path`, or right behind it and all that is below it. */
export interface Position {
  readonly path: Buffer;
  readonly side: "before" | "behind";
}

/** Behind the empty path is the end. */
export const isBefore = (path: Buffer, { path: mark, side }: Position): boolean =>
  side === "before" ? comparePaths(path, mark) < 0 : isWithin(path, mark) || comparePaths(path, mark) < 0;
