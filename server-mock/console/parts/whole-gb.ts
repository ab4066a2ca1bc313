/** A limit as somebody types it into a field of text: whole positive GB. Ranges are in `gigabytes.ts`. */
import { formatBytes } from "../../../base/format-bytes.ts";
import { GB } from "./gigabytes.ts";

/** undefined: not a whole positive number. */
export function bytesOfGb(typed: string): number | undefined {
  const digits = typed.trim().replace(/\s*GB$/i, "");
  const bytes = Number(digits) * GB;
  return /^\d{1,7}$/.test(digits) && bytes > 0 ? bytes : undefined;
}

/** For a field; a limit that was set otherwise keeps its decimals. null: blank. */
export const gbOfBytes = (bytes: number | null): string => (bytes === null ? "" : String(bytes / GB));

/** `0`, not `0 B`: of what is used and free. */
export const shownSize = (bytes: number): string => (bytes === 0 ? "0" : formatBytes(bytes));
