/**
 * Catalog paths as messages spell them: with a slash in front; bytes that are not UTF-8 as `%FF`, a `%` as `%25`. So every path can be said, and said back.
 */
import { isUtf8 } from "node:buffer";
import { HoldfastError } from "../../protocol/errors.ts";

const PERCENT = 0x25;

export const spelledPath = (path: Buffer): string => `/${spelled(path)}`;

/** For reading: what is not UTF-8 appears as U+FFFD. */
export const nameOf = (path: Buffer): string => path.toString("utf8", path.lastIndexOf(0x2f) + 1);

export function spelled(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString().replaceAll("%", "%25");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length === 0) text += escaped(bytes[at] ?? 0);
    else text += bytes[at] === PERCENT ? "%25" : bytes.toString("utf8", at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** `%0A` and the like. */
export const escaped = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;

/** Of the character that begins there; 0: none does. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++)
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  return 0;
}

/** The catalog path of what a message says; `/` is the top, an empty one. Throws `request/malformed`. */
export function catalogPathOf(text: string): Buffer {
  const parts: Buffer[] = [];
  for (const part of text.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." || part.includes("\0")) throw notOurs();
    parts.push(unspelled(part));
  }
  return Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [SLASH, part])));
}

const SLASH = Buffer.from("/");

function unspelled(text: string): Buffer {
  if (!text.includes("%")) return Buffer.from(text);
  const pieces = text.split(/(%[0-9A-F]{2})/).map((piece) => {
    if (/^%[0-9A-F]{2}$/.test(piece)) return Buffer.from(piece.slice(1), "hex");
    if (piece.includes("%")) throw notOurs();
    return Buffer.from(piece);
  });
  const bytes = Buffer.concat(pieces);
  // Spelled by somebody else: a component is no path.
  if (bytes.includes(0) || bytes.includes(0x2f) || bytes.equals(Buffer.from("..")) || bytes.equals(Buffer.from(".")))
    throw notOurs();
  return bytes;
}

const notOurs = (): HoldfastError =>
  new HoldfastError("request/malformed", { reason: "path: not as this service spells paths", path: "path" });
