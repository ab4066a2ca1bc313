/** `Range: bytes=a-b` (RFC 9110 §14) as far as packs need it: one range; several, or other units, mean the whole. */
import { HoldfastError } from "../../protocol/errors.ts";

/** From `start` up to but not including `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** undefined: the whole. Throws `range/invalid` when nothing of the range lies within `sizeBytes`. */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(" ", "") ?? "");
  const [, from = "", to = ""] = match ?? [];
  if (from === "" && to === "") return undefined;
  const suffix = from === "";
  const start = suffix ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const end = suffix || to === "" ? sizeBytes : Math.min(Number(to) + 1, sizeBytes);
  if (!suffix && to !== "" && Number(to) < Number(from)) return undefined;
  if (start >= end) throw new HoldfastError("range/invalid", { sizeBytes });
  return { start, end };
}
