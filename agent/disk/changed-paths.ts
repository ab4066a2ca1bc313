/** The places that a walk of known changes looks at, as a tree of names. */
import { isWithin } from "../model/path-order.ts";
import { CACHE_TAG } from "./defaults/cache-tag.ts";
import { RULE_FILE } from "./ignore-rules.ts";

/** A file or folder that may have changed, come or gone. Of a folder the direct contents are looked at, with `isDeep` everything below. */
export interface ChangedPath {
  /** Catalog path. */
  readonly path: Buffer;
  readonly isDeep: boolean;
}

/** `itself`: only the thing and what is named below it; `entries`: all that lies directly in it, too; `all`: everything below. */
export type Look = "itself" | "entries" | "all";

/** Names are the bytes as Latin-1, as in a selection. */
export interface ChangedPlace {
  look: Look;
  /** Somebody named it, not only something below it. */
  isNamed: boolean;
  readonly below: Map<string, ChangedPlace>;
}

/** `outside` gets those that are neither below a root nor above one. */
export function changedPlaces(
  changed: readonly ChangedPath[],
  roots: readonly ResolvedRoot[],
  outside: (path: Buffer) => void,
): ChangedPlace {
  const top = newPlace();
  // Roots are always looked at: a missing disk must not go unnoticed.
  for (const { path } of roots) placeAt(top, path);
  for (const each of changed) {
    const { path: named, isDeep } = affected(each);
    const path = throughRoots(named, roots);
    if (path === undefined) {
      outside(each.path);
      continue;
    }
    const place = placeAt(top, path);
    place.isNamed = true;
    place.look = isDeep || place.look === "all" ? "all" : "entries";
    if (isDeep) for (const root of roots) if (isWithin(root.path, path)) placeAt(top, root.path).look = "all";
  }
  return top;
}

/** These files decide about everything below their folder. */
function affected(changed: ChangedPath): ChangedPath {
  const slash = changed.path.lastIndexOf(0x2f);
  if (![RULE_FILE, CACHE_TAG].includes(changed.path.toString("latin1", slash + 1))) return changed;
  return { path: changed.path.subarray(0, Math.max(0, slash)), isDeep: true };
}

/** A root as it was named, and where it is: symlinks on the way to it are followed. */
export interface ResolvedRoot {
  readonly root: Buffer;
  readonly path: Buffer;
}

function throughRoots(path: Buffer, roots: readonly ResolvedRoot[]): Buffer | undefined {
  for (const { root, path: real } of roots) {
    if (isWithin(path, real) || isWithin(real, path)) return path;
    if (isWithin(path, root)) return Buffer.concat([real, path.subarray(root.length)]);
  }
  return undefined;
}

const newPlace = (): ChangedPlace => ({ look: "itself", isNamed: false, below: new Map() });

function placeAt(top: ChangedPlace, path: Buffer): ChangedPlace {
  let place = top;
  for (const name of path.length === 0 ? [] : path.toString("latin1").split("/")) {
    const next = place.below.get(name) ?? newPlace();
    place.below.set(name, next);
    place = next;
  }
  return place;
}
