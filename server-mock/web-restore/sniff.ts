/** What a browser may show in place: four kinds of pictures, known by how they begin, and text. Never pages, never drawings that can hold programs. */
import { isUtf8 } from "node:buffer";

/** Enough to tell. */
export const SNIFFED_BYTES = 16;

export type Picture = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

export function pictureOf(head: Buffer): Picture | undefined {
  const latin1 = head.toString("latin1", 0, SNIFFED_BYTES);
  if (latin1.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (latin1.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(latin1)) return "image/gif";
  if (latin1.startsWith("RIFF") && latin1.slice(8, 12) === "WEBP") return "image/webp";
  return undefined;
}

/** UTF-8 without control characters but those of terminals and printers; the last character may be cut. */
export function isText(bytes: Buffer, { isCut }: { isCut: boolean }): boolean {
  if (bytes.some((byte) => byte < 0x20 && !PLAIN.has(byte))) return false;
  for (let cut = 0; cut <= (isCut ? 3 : 0) && cut <= bytes.length; cut++)
    if (isUtf8(bytes.subarray(0, bytes.length - cut))) return true;
  return false;
}

/** Tab, line feed, form feed, carriage return, escape. */
const PLAIN: ReadonlySet<number> = new Set([9, 10, 12, 13, 27]);
