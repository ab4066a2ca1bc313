/**
 * What people search for. With `*`, `?` or `[`: a glob, of the name, or of the whole path when it has a slash (`**` spans folders). Without:
 * part of a name. Upper and lower case are the same either way.
 */
import { globMatcher } from "./glob.ts";

export type NamePattern = (path: Buffer) => boolean;

export function namePattern(pattern: string): NamePattern {
  const hasSlash = pattern.includes("/");
  if (/[*?[]/.test(pattern)) {
    const isMatch = globMatcher(hasSlash ? pattern.replace(/^\/+/, "") : pattern);
    return (path) => isMatch(hasSlash ? path.toString() : nameOf(path));
  }
  const part = pattern.toLowerCase();
  if (hasSlash) return (path) => `/${path}`.toLowerCase().includes(part);
  return (path) => nameOf(path).toLowerCase().includes(part);
}

const nameOf = (path: Buffer): string => path.toString("utf8", path.lastIndexOf(0x2f) + 1);
