/** Many changes said by few: folders instead of what lies in them. What is said never becomes less. */
import type { Reach } from "./messages.ts";

/** Path as Latin-1 → what is to be looked at there. */
export type Places = ReadonlyMap<string, Mark>;

export interface Mark {
  readonly reach: Reach;
  /** The last of what it stands for. */
  readonly generation: number;
  /** The first of it. */
  readonly since: number;
}

/** At most `most` places; those that share a folder with the most others give way first. */
export function collapse(places: Places, most: number): Map<string, Mark> {
  let result = withoutCovered(places);
  // Ends at the latest when all paths have become the one that is above all.
  while (result.size > Math.max(1, most)) result = withoutCovered(collapseOnce(result, most));
  return result;
}

function collapseOnce(places: Places, most: number): Map<string, Mark> {
  const counts = new Map<string, number>();
  for (const path of places.keys()) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
  let tooMany = places.size - most;
  const giving = new Set<string>();
  for (const [folder, count] of [...counts].sort(([, a], [, b]) => b - a)) {
    // A single change of a folder saves nothing here, but its folder may share one further up.
    if (tooMany <= 0) break;
    giving.add(folder);
    tooMany -= count - (places.has(folder) ? 0 : 1);
  }
  const result = new Map<string, Mark>();
  const put = (path: string, mark: Mark) => result.set(path, merged(mark, result.get(path) ?? mark));
  for (const [path, mark] of places) {
    const folder = folderOf(path);
    if (!giving.has(folder)) put(path, mark);
    else put(folder, { ...mark, reach: mark.reach === "itself" ? "entries" : "deep" });
  }
  return result;
}

const ORDER: readonly Reach[] = ["itself", "entries", "deep"];

export const wider = (a: Reach, b: Reach): Reach => (ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b);

export const merged = (a: Mark, b: Mark): Mark => ({
  reach: wider(a.reach, b.reach),
  generation: Math.max(a.generation, b.generation),
  since: Math.min(a.since, b.since),
});

/** What a folder further up stands for as well is given to that. */
function withoutCovered(places: Places): Map<string, Mark> {
  const result = new Map(places);
  for (const path of places.keys()) {
    const mark = result.get(path);
    if (!mark) continue;
    for (let folder = folderOf(path), at = path; at !== "/"; at = folder, folder = folderOf(folder)) {
      const above = result.get(folder);
      const isCovered =
        above?.reach === "deep" || (above?.reach === "entries" && at === path && mark.reach === "itself");
      if (!above || !isCovered) continue;
      result.delete(path);
      result.set(folder, { ...merged(above, mark), reach: above.reach });
      break;
    }
  }
  return result;
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}
