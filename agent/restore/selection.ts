/** What a restore is about: everything, or what lies at and below some paths, with the folders on the way to them. */
import { HoldfastError } from "../../protocol/errors.ts";
import { catalogPath, shownPath } from "../disk/disk-path.ts";
import type { Entry } from "../model/entry.ts";
import { comparePaths, isWithin } from "../model/path-order.ts";
import type { Damage } from "../vault/catalog-reader.ts";
import type { Snapshot } from "../vault/vault.ts";

export interface Totals {
  readonly files: number;
  readonly bytes: number;
}

export interface Selection {
  /** Undefined: everything. */
  readonly within: readonly Buffer[] | undefined;
  /** The folders above, in catalog order. */
  readonly above: readonly Entry[];
}

/** Paths as people give them, with or without a slash in front; none means all. Throws `restore/no-match`. */
export async function select(
  snapshot: Snapshot,
  paths: readonly (string | Buffer)[],
  signal?: AbortSignal,
): Promise<Selection> {
  const given = paths.map((path) => ({
    path: catalogPath(path),
    text: typeof path === "string" ? path : shownPath(path),
  }));
  if (given.length === 0 || given.some(({ path }) => path.length === 0)) return { within: undefined, above: [] };
  for (const { path, text } of given) {
    if (await snapshot.catalog.find(path, signal)) continue;
    throw new HoldfastError("restore/no-match", { snapshot: snapshot.view.sequence, path: text });
  }
  const within = withoutNested(given.map(({ path }) => path));
  const above: Entry[] = [];
  for (const path of pathsAbove(within)) {
    const entry = await snapshot.catalog.find(path, signal);
    if (entry?.type === "folder") above.push(entry);
  }
  return { within, above };
}

/** For everything, what the snapshot says of itself; else its pages are counted. */
export async function totalsOf(snapshot: Snapshot, { within }: Selection, signal?: AbortSignal): Promise<Totals> {
  if (!within) return snapshot.body;
  let files = 0;
  let bytes = 0;
  for await (const batch of snapshot.catalog.entries({ within, signal, onDamage: () => undefined })) {
    for (const entry of batch) {
      if (entry.type !== "file") continue;
      files++;
      bytes += entry.sizeBytes;
    }
  }
  return { files, bytes };
}

/** In catalog order, with the folders above among them. */
export async function* selectedEntries(
  snapshot: Snapshot,
  selection: Selection,
  options: { readonly signal?: AbortSignal | undefined; readonly onDamage: (damage: Damage) => void },
): AsyncGenerator<readonly Entry[]> {
  const { within } = selection;
  const above = [...selection.above];
  for await (const batch of snapshot.catalog.entries(within ? { ...options, within } : options)) {
    yield above.length === 0 ? batch : merged(batch, above);
  }
  if (above.length > 0) yield above;
}

/** Takes from `above` what comes before the last of `batch`. */
function merged(batch: readonly Entry[], above: Entry[]): Entry[] {
  const result: Entry[] = [];
  for (const entry of batch) {
    while (above[0] && comparePaths(above[0].path, entry.path) < 0) result.push(...above.splice(0, 1));
    result.push(entry);
  }
  return result;
}

function withoutNested(paths: readonly Buffer[]): Buffer[] {
  const kept: Buffer[] = [];
  for (const path of paths.toSorted(comparePaths)) {
    const last = kept.at(-1);
    if (!last || !isWithin(path, last)) kept.push(path);
  }
  return kept;
}

function pathsAbove(paths: readonly Buffer[]): Buffer[] {
  const above = new Map<string, Buffer>();
  for (const path of paths) {
    for (let slash = path.indexOf(SLASH); slash >= 0; slash = path.indexOf(SLASH, slash + 1))
      above.set(path.toString("latin1", 0, slash), path.subarray(0, slash));
  }
  return [...above.values()].sort(comparePaths);
}

const SLASH = 0x2f;
