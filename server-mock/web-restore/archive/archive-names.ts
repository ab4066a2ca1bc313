/**
 * Names in an archive. Whoever unpacks it, with whatever program, must get files below the folder that was chosen and nowhere else, so nothing in a name may
 * mean more than a name: no leading slash or drive, no `..`, no backslash, no control characters. What is not UTF-8 or not allowed is spelled `%FF`; where
 * the name itself had such a `%FF`, its `%` is spelled `%25`. So different paths keep different names.
 */
import { isUtf8 } from "node:buffer";
import { escaped, spelled } from "../../../agent/model/spelled-path.ts";

/** Of a catalog path; neither empty nor with a slash at an end. */
export function archiveName(path: Buffer): string {
  const names = splitPath(path).map(safeName);
  const [first = "", ...rest] = names;
  // `c:` at the beginning is a drive to some.
  return [first.replace(/^([A-Za-z]):/, "$1%3A"), ...rest].join("/");
}

function splitPath(path: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let from = 0; from <= path.length; ) {
    const slash = path.indexOf(0x2f, from);
    const to = slash < 0 ? path.length : slash;
    if (to > from) parts.push(path.subarray(from, to));
    from = to + 1;
  }
  return parts;
}

function safeName(name: Buffer): string {
  if (isUtf8(name)) return safeText(name.toString().replace(/%(?=[0-9A-F]{2})/g, "%25"));
  // `spelled` spells every `%`: those that would not be taken for a spelling get it back.
  return safeText(spelled(name).replace(/%25(?![0-9A-F]{2})/g, "%"));
}

const safeText = (text: string): string =>
  text
    .replace(/[\p{Cc}\\]/gu, (each) => Array.from(Buffer.from(each), escaped).join(""))
    .replace(/^\.{1,2}$/, (dots) => "%2E".repeat(dots.length));

/** Of a version that lies beside another one: `letter (snapshot 12).txt`. */
export function nameBeside(name: string, snapshot: number): string {
  const slash = name.lastIndexOf("/") + 1;
  const dot = name.lastIndexOf(".");
  const at = dot > slash ? dot : name.length;
  return `${name.slice(0, at)} (snapshot ${snapshot})${name.slice(at)}`;
}
