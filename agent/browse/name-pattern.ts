/**
 * What people search for. With `*`, `?` or `[`: a glob, of the name, or of the whole path when it has a slash (`**` spans folders). Without:
 * part of a name. Upper and lower case are the same either way.
 */

export type NamePattern = (path: Buffer) => boolean;

export function namePattern(pattern: string): NamePattern {
  if (!/[*?[]/.test(pattern)) {
    const part = pattern.toLowerCase();
    if (part.includes("/")) return (path) => `/${path}`.toLowerCase().includes(part);
    return (path) => nameOf(path).toLowerCase().includes(part);
  }
  const hasSlash = pattern.includes("/");
  const regex = new RegExp(`^${globSource(hasSlash ? pattern.replace(/^\/+/, "") : pattern)}$`, "isu");
  return (path) => regex.test(hasSlash ? path.toString() : nameOf(path));
}

const nameOf = (path: Buffer): string => path.toString("utf8", path.lastIndexOf(0x2f) + 1);

/** A regular expression's source. An open bracket that is never closed stands for itself. */
function globSource(glob: string): string {
  let source = "";
  for (let at = 0; at < glob.length; at++) {
    const rest = glob.slice(at);
    const set = /^\[([!^]?)(\]?[^\]/]+)\]/.exec(rest);
    if (rest.startsWith("**/")) {
      source += "(?:.*/)?";
      at += 2;
    } else if (rest.startsWith("**")) {
      source += ".*";
      at += 1;
    } else if (rest.startsWith("*")) source += "[^/]*";
    else if (rest.startsWith("?")) source += "[^/]";
    else if (set) {
      source += `[${set[1] ? "^/" : ""}${setSource(set[2] ?? "")}]`;
      at += set[0].length - 1;
    } else {
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      source += RegExp.escape(character);
      at += character.length - 1;
    }
  }
  return source;
}

/** Ranges stay ranges when they go upwards; everything else is a plain character. */
function setSource(members: string): string {
  const characters = [...members];
  let source = "";
  for (let at = 0; at < characters.length; at++) {
    const [from = "", dash, to] = characters.slice(at, at + 3);
    source += plain(from);
    if (dash !== "-" || to === undefined || from > to) continue;
    source += `-${plain(to)}`;
    at += 2;
  }
  return source;
}

const plain = (character: string): string => character.replace(/[\\\]^[-]/, "\\$&");
