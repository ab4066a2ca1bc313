/**
 * Marks tell whether a file changed since the last backup: inode number and change time, beside the size and modification time of the entry. A mark of
 * zeros is never equal: the file was too young to be trusted (it could change again within the clock's tick), or was not read whole.
 */
import type { Found } from "../disk/found.ts";
import { splitTime } from "../disk/found.ts";
import { MARK_BYTES, type MarkedEntry } from "../state/last-catalog.ts";

export const NO_MARK: Buffer = Buffer.alloc(MARK_BYTES);

/** Change times may be as coarse as two seconds on some file systems. */
const TICK_NS = 2_000_000_000n;

export function markOf(found: Pick<Found, "ino" | "ctimeNs">, scanStartNs: bigint): Buffer {
  if (found.ctimeNs > scanStartNs - TICK_NS) return NO_MARK;
  const mark = Buffer.allocUnsafeSlow(MARK_BYTES);
  mark.writeBigUInt64LE(BigInt.asUintN(64, found.ino), 0);
  mark.writeBigInt64LE(BigInt.asIntN(64, found.ctimeNs), 8);
  return mark;
}

export function isUnchanged(found: Found, { entry, mark }: MarkedEntry): boolean {
  if (mark.length !== MARK_BYTES || mark.equals(NO_MARK) || entry.type !== found.type) return false;
  if (mark.readBigInt64LE(8) !== found.ctimeNs || mark.readBigUInt64LE(0) !== BigInt.asUintN(64, found.ino))
    return false;
  if (entry.type === "file" && entry.sizeBytes !== found.sizeBytes) return false;
  const { seconds, nanoseconds } = splitTime(found.mtimeNs);
  return entry.mtimeSeconds === seconds && entry.mtimeNanoseconds === nanoseconds;
}
