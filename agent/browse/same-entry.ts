/** In what two states of one path differ. */
import { isDeepStrictEqual } from "node:util";
import type { Content, Entry, FileEntry } from "../model/entry.ts";

export const sameEntry = (a: Entry, b: Entry): boolean => sameContent(a, b) && sameMetadata(a, b);

/**
 * Equal references mean equal bytes. A small file may also have moved to another bundle untouched: with the same size and time, to the
 * nanosecond, it counts as the same.
 */
export function sameContent(a: Entry, b: Entry): boolean {
  if (a.type !== b.type) return false;
  if (a.type === "file" && b.type === "file")
    return a.sizeBytes === b.sizeBytes && (sameReferences(a.content, b.content) || isUntouched(a, b));
  if (a.type === "symlink" && b.type === "symlink") return a.target.equals(b.target);
  if ("major" in a && "major" in b) return a.major === b.major && a.minor === b.minor;
  return true;
}

export const sameMetadata = (a: Entry, b: Entry): boolean =>
  a.mode === b.mode &&
  a.mtimeSeconds === b.mtimeSeconds &&
  a.mtimeNanoseconds === b.mtimeNanoseconds &&
  isDeepStrictEqual(a.owner, b.owner) &&
  a.attributes.length === b.attributes.length &&
  a.attributes.every(({ name, value }, at) => {
    const other = b.attributes[at];
    return other !== undefined && name.equals(other.name) && value.equals(other.value);
  });

const isUntouched = (a: FileEntry, b: FileEntry): boolean =>
  a.content.kind === "slices" &&
  b.content.kind === "slices" &&
  a.mtimeSeconds === b.mtimeSeconds &&
  a.mtimeNanoseconds === b.mtimeNanoseconds;

function sameReferences(a: Content, b: Content): boolean {
  if (a.kind === "list" && b.kind === "list") return a.list.equals(b.list);
  if (a.kind !== "slices" || b.kind !== "slices") return a.kind === b.kind;
  return (
    a.slices.length === b.slices.length &&
    a.slices.every((slice, at) => {
      const other = b.slices[at];
      if (!other || slice.length !== other.length || slice.kind !== other.kind) return false;
      if (slice.kind === "hole" || other.kind === "hole") return true;
      return slice.chunk.equals(other.chunk) && slice.offset === other.offset;
    })
  );
}
