/** Paths as the API spells them: from `/`, a `%` as `%25`, bytes that are no text as `%FF`. */

export const ROOT = "/";

/** The folder that it is in; of the root, the root. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/")) || ROOT;

export const isBelow = (path: string, folder: string): boolean =>
  folder === ROOT ? path !== ROOT : path.startsWith(`${folder}/`);

/** From the top down to the path itself, without the root. */
export function crumbsOf(path: string): { readonly name: string; readonly path: string }[] {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.map((part, at) => ({ name: readable(part), path: `/${parts.slice(0, at + 1).join("/")}` }));
}

/** For reading: bytes that are no text stay as they are spelled. */
export const readable = (spelled: string): string => spelled.replaceAll("%25", "%");

/** What somebody typed, as the API wants it: without a slash at its end. */
export function spell(typed: string): string {
  const path = typed.trim().replaceAll("%", "%25");
  return path.length > 1 ? path.replace(/\/+$/, "") || ROOT : path;
}
