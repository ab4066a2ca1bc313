/** What backup sets say about certain paths, as a tree of names that is followed beside the walk. */
import { foldedName, type LetterCase, nameText } from "./name-matcher.ts";
import type { SetRule } from "./set-rules.ts";

/** Maps go from a set's number to its rule about this very path. */
export interface Place {
  readonly roots: Map<number, SetRule>;
  readonly include: Map<number, SetRule>;
  readonly exclude: Map<number, SetRule>;
  /** Sets with an included or excluded path further down. */
  readonly leads: Set<number>;
  readonly below: Map<string, Place>;
}

export const newPlace = (): Place => ({
  roots: new Map(),
  include: new Map(),
  exclude: new Map(),
  leads: new Set(),
  below: new Map(),
});

/** `name`: the bytes as Latin-1. */
export const placeKey = (name: string, letterCase: LetterCase): string =>
  letterCase === "exact" ? name : foldedName(nameText(name), letterCase);

/** `path`: a catalog path. */
export function putPlace(
  top: Place,
  path: Buffer,
  how: { readonly set: number; readonly rule: SetRule; readonly letterCase: LetterCase },
): void {
  const { set, rule, letterCase } = how;
  const { part } = rule;
  let place = top;
  for (const name of path.length === 0 ? [] : path.toString("latin1").split("/")) {
    if (part !== "roots") place.leads.add(set);
    const key = placeKey(name, letterCase);
    const next = place.below.get(key) ?? newPlace();
    place.below.set(key, next);
    place = next;
  }
  place[part].set(set, rule);
}
