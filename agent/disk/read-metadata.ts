/** Metadata of what a walk found, as the catalog keeps it. What can't be read is reported and left out. */

import { hmacSha256 } from "../../base/digest.ts";
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Attribute, DeviceEntry, EntryBase, FileEntry, PlainEntry, SymlinkEntry } from "../model/entry.ts";
import { diskPath, readLink, shownPath } from "./disk-path.ts";
import { type DiskProblem, type Found, isGone, readError, splitTime } from "./found.ts";
import type { OwnerNames } from "./owner-names.ts";
import { platform } from "./platform/platform.ts";

/** An entry as far as it is known before its content is. */
export type Described = Omit<FileEntry, "content" | "changing"> | SymlinkEntry | DeviceEntry | PlainEntry;

export interface DescribeOptions {
  readonly owners: OwnerNames;
  /** Makes link groups: they must not tell inode numbers to anyone. */
  readonly linkKey: Uint8Array;
  readonly onProblem: (problem: DiskProblem) => void;
}

/** Reads attributes and a symlink's target; the rest stands in `found`. Throws `file/vanished` and `file/unreadable`. */
export function describe(found: Found, options: DescribeOptions): Described {
  const at = openPath(found.path);
  try {
    const base = {
      path: found.path,
      mode: found.mode,
      owner: options.owners.ownerOf(found.uid, found.gid),
      ...timeOf(found),
      attributes: readAttributes(found.path, at.path, options.onProblem),
      linkGroup: linkGroupOf(found, options.linkKey),
    } satisfies EntryBase;
    switch (found.type) {
      case "file":
        return { ...base, type: found.type, sizeBytes: found.sizeBytes };
      case "symlink":
        return { ...base, type: found.type, target: readLink(at.path) };
      case "character-device":
      case "block-device":
        return { ...base, type: found.type, ...splitDevice(found.rdev) };
      default:
        return { ...base, type: found.type };
    }
  } catch (error) {
    throw error instanceof HoldfastError ? error : readError(found.path, error);
  } finally {
    at.release();
  }
}

export function timeOf(found: Pick<Found, "mtimeNs">): Pick<EntryBase, "mtimeSeconds" | "mtimeNanoseconds"> {
  const { seconds, nanoseconds } = splitTime(found.mtimeNs);
  return { mtimeSeconds: seconds, mtimeNanoseconds: nanoseconds };
}

/** 8 bytes, equal for the hard links of one file; `undefined` for what has one name only. */
export function linkGroupOf(found: Pick<Found, "type" | "nlink" | "dev" | "ino">, key: Uint8Array): Buffer | undefined {
  if (found.nlink < 2 || found.type === "folder") return undefined;
  const place = Buffer.alloc(16);
  place.writeBigUInt64LE(BigInt.asUintN(64, found.dev), 0);
  place.writeBigUInt64LE(BigInt.asUintN(64, found.ino), 8);
  return hmacSha256(key, place).subarray(0, 8);
}

/** Sorted by name. */
function readAttributes(path: Buffer, disk: Buffer, onProblem: (problem: DiskProblem) => void): Attribute[] {
  const calls = platform.attributes;
  if (!calls) return NO_ATTRIBUTES;
  try {
    const names = calls.list(disk, "link");
    if (names.length === 0) return NO_ATTRIBUTES;
    const attributes: Attribute[] = [];
    for (const name of names.sort(Buffer.compare)) {
      const value = calls.find(disk, name);
      if (value) attributes.push({ name, value });
    }
    return attributes;
  } catch (cause) {
    if (isGone(cause)) throw cause;
    const data = { path: shownPath(path), what: "extended attributes", reason: systemReason(cause) };
    onProblem({ path, error: new HoldfastError("file/metadata", data, { cause }) });
    return NO_ATTRIBUTES;
  }
}

const NO_ATTRIBUTES: Attribute[] = [];

/** Linux's `dev_t`. */
export function splitDevice(rdev: bigint): { readonly major: number; readonly minor: number } {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn & 0xffffffffn);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn & 0xffffffffn);
  return { major: Number(major), minor: Number(minor) };
}

function openPath(path: Buffer): ReturnType<typeof diskPath> {
  try {
    return diskPath(path);
  } catch (error) {
    throw readError(path, error);
  }
}
