/**
 * Marks tell whether a file changed since the last backup: inode number and change time, beside the size and modification time of the entry. A mark
 * without a change time is never equal: the thing was too young to be trusted (it could change again within the clock's tick); one of zeros
 * stands for a file that was not read whole.
 */
import type { Found } from "../disk/found.ts";
import { splitTime } from "../disk/found.ts";
import { MARK_BYTES, type MarkedEntry } from "../state/last-catalog.ts";

export const NO_MARK: Buffer = Buffer.alloc(MARK_BYTES);

/** Change times may be as coarse as two seconds on some file systems. */
const TICK_NS = 2_000_000_000n;

export function markOf(found: Pick<Found, "ino" | "ctimeNs">, scanStartNs: bigint): Buffer {
  const isOld = found.ctimeNs <= scanStartNs - TICK_NS;
  const mark = Buffer.allocUnsafe(MARK_BYTES);
  mark.writeBigUInt64LE(BigInt.asUintN(64, found.ino), 0);
  mark.writeBigInt64LE(isOld ? BigInt.asIntN(64, found.ctimeNs) : 0n, 8);
  return mark;
}

/** The folder itself, whatever happened in it: nothing was moved to its place. */
export const isSameFolder = (found: Found, { entry, mark }: MarkedEntry): boolean =>
  entry.type === "folder" && found.type === "folder" && mark.length === MARK_BYTES && inodeOf(mark) === ino(found);

export function isUnchanged(found: Found, { entry, mark }: MarkedEntry): boolean {
  if (mark.length !== MARK_BYTES || entry.type !== found.type) return false;
  const changedNs = mark.readBigInt64LE(8);
  if (changedNs === 0n || changedNs !== found.ctimeNs || inodeOf(mark) !== ino(found)) return false;
  if (entry.type === "file" && entry.sizeBytes !== found.sizeBytes) return false;
  const { seconds, nanoseconds } = splitTime(found.mtimeNs);
  return entry.mtimeSeconds === seconds && entry.mtimeNanoseconds === nanoseconds;
}

/** 0 when it is not known. */
export const inodeOf = (mark: Buffer): bigint => mark.readBigUInt64LE(0);

const ino = (found: Pick<Found, "ino">): bigint => BigInt.asUintN(64, found.ino);
