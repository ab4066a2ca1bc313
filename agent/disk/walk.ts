/**
 * Walk: everything below the roots, in the exact order of a catalog (format §6.1), one thing per pull. Memory is the listing of
 * the folders on the way to the present one. Symlinks are found, never followed. A folder that can't be listed is
 * a problem, and the walk goes on. What happens on the disk while it walks may be seen or not.
 */
import { type BigIntStats, closeSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { HoldfastError } from "../../protocol/errors.ts";
import type { BackupSet } from "../../protocol/messages/policies.ts";
import type { ChangedPlace, Look } from "./changed-paths.ts";
import { Chooser, type Standing } from "./choice/chooser.ts";
import { diskLetterCase } from "./choice/name-matcher.ts";
import type { Place } from "./choice/places.ts";
import { allRoots, setHere, wholeSet } from "./choice/sets-here.ts";
import { CACHE_TAG, isCacheTag } from "./defaults/cache-tag.ts";
import type { DefaultNodes, DefaultRules } from "./defaults/default-rules.ts";
import { enterFolder, PATH_BYTES_MAX, shownPath } from "./disk-path.ts";
import { type DiskProblem, type Found, foundOf, isGone, readError } from "./found.ts";
import type { Gap } from "./gap.ts";
import { decide, RULE_FILE, type RuleScope, type RuleSet, restartedScope, rulesBelow } from "./ignore-rules.ts";
import { join } from "./join-path.ts";
import { findVirtual } from "./platform/file-system.ts";
import type { NetworkMount } from "./platform/network-mounts.ts";
import { rootMissing, type Selection, select } from "./selection.ts";
import { Stops, tellRefused } from "./stops.ts";

export interface WalkOptions {
  /** Catalog paths. An empty path is everything. Nested and repeated roots are merged. Everything below them is taken. */
  readonly roots: readonly Buffer[];
  /** What else is taken, and what is not after all. `nowMs`: files' ages are counted from it. */
  readonly choice?: { readonly sets: readonly BackupSet[]; readonly nowMs: number } | undefined;
  /** What is taken only where a root names it itself. */
  readonly defaults?: DefaultRules | undefined;
  /** Network drives that are not entered, as the licence has it. */
  readonly refusedMounts?: readonly NetworkMount[];
  /** Don't enter other file systems than a root's own. Virtual ones are never entered. */
  readonly oneFileSystem?: boolean;
  readonly configured?: RuleSet | undefined;
  /** Catalog paths that are left out with all that is in them: Holdfast's own data. */
  readonly leftOut?: readonly Buffer[];
  readonly onProblem: (problem: DiskProblem) => void;
}

/** What is known to have changed: nothing else is looked at, but for the folders above it. */
export interface KnownChanges {
  readonly places: ChangedPlace;
  /** Whether what the last catalog holds under the path is this: the same folder, the same state of a file, or nothing either. */
  readonly isSame: (path: Buffer, found: Found | undefined) => boolean;
  /** Somebody named it as changed, and rules leave it out. */
  readonly onIgnored: (path: Buffer) => void;
}

/** The folders above each root are found too, without their other contents. A root is found even when a rule ignores it. */
export function walk(options: WalkOptions): Generator<Found, void, undefined>;
/** Gaps say where it didn't look, or that nothing is left. */
export function walk(options: WalkOptions, changes: KnownChanges | undefined): Generator<Found | Gap, void, undefined>;
export function* walk(options: WalkOptions, changes?: KnownChanges): Generator<Found | Gap, void, undefined> {
  const { onProblem, choice, defaults } = options;
  const stops = new Stops(options.leftOut ?? [], options.refusedMounts ?? []);
  const sets = choice?.sets ?? [];
  const chooser = new Chooser([wholeSet(options.roots), ...sets.map(setHere)], {
    nowMs: choice?.nowMs ?? 0,
    letterCase: diskLetterCase,
  });
  const top = select(allRoots(options.roots, sets), onProblem);
  const open: Folder[] = [topFolder(top, options, chooser, changes?.places)];
  try {
    for (let folder = open.at(-1); folder; folder = open.at(-1)) {
      const name = folder.names[folder.next++];
      if (name === undefined) {
        if (folder.fd !== undefined) closeSync(folder.fd);
        open.pop();
        if (changes) yield { isKept: folder.look === "itself", until: { path: folder.own, side: "behind" } };
        continue;
      }
      const selection = folder.selection?.below.get(name);
      const isRoot = selection?.isRoot ?? false;
      const path = join(folder.path, name);
      const isNarrow = folder.look === "itself";
      if (isNarrow) yield { isKept: true, until: { path, side: "before" } };
      const stop = stops.find(name, path);
      const stats = stop ? undefined : look(folder, name, path, isRoot, onProblem);
      const found = stats && foundOf(path, stats);
      const changed = folder.changed?.below.get(name);
      const isFolder = found?.type === "folder" || stop !== undefined;
      const place = folder.place && chooser.place(folder.place, name);
      const nodes = defaults ? defaults.below(folder.defaults, name) : NOWHERE;
      const isIgnored = folder.isIgnored || (hasRules(folder.scope) && decide(path, isFolder, folder.scope).ignored);
      const isOut = isIgnored || (!isRoot && defaults?.find(nodes, name, isFolder) !== undefined);
      const above = isOut && selection ? chooser.ended(folder.standing) : folder.standing;
      const standing = isFolder ? chooser.below(above, name, place) : above;
      const isWanted = isFolder ? chooser.holds(standing, place) : found && chooser.takes(above, name, place, found);
      const isSelected = (isWanted ?? false) && (isRoot || (folder.isSelected && !isOut));
      const isOnTheWay = selection !== undefined && (!isRoot || selection.below.size > 0);
      if (stop?.mount) tellRefused(stop.mount, { isWanted: isSelected, selection }, onProblem);
      if (!found || (!isSelected && !isOnTheWay)) {
        if (changed && (found || stop)) tellNamed(path, changed, changes);
        if (isNarrow) yield { isKept: false, until: { path, side: "behind" } };
        continue;
      }

      yield found;

      let child: Folder | undefined;
      if (isFolder) {
        const reach = changes ? lookOf(found, folder.look, changed, changes) : "all";
        if (reach === "nothing") yield { isKept: true, until: { path, side: "behind" } };
        else
          child = enter(folder, found, name, {
            isRoot,
            isSelected,
            isIgnored,
            selection,
            options,
            chooser,
            standing,
            place,
            nodes,
            look: reach,
            changed,
            changes,
          });
      } else if (selection) tellWrongRoots(path, selection, found, onProblem);
      if (child) open.push(child);
      else if (isNarrow) yield { isKept: false, until: { path, side: "behind" } };
    }
  } finally {
    for (const folder of open) if (folder.fd !== undefined) closeSync(folder.fd);
  }
}

/** How much of a folder has to be looked at when only some changes are known; `nothing` when the folder is the one that was there before. */
function lookOf(
  found: Found,
  above: Look,
  changed: ChangedPlace | undefined,
  { isSame }: KnownChanges,
): Look | "nothing" {
  if (above === "all" || changed?.look === "all" || !isSame(found.path, found)) return "all";
  return changed?.look ?? "nothing";
}

function tellNamed(path: Buffer, changed: ChangedPlace, changes: KnownChanges | undefined): void {
  if (changed.isNamed) changes?.onIgnored(path);
  for (const [name, below] of changed.below) tellNamed(join(join(path, "", "/"), name), below, changes);
}

/** A folder whose contents are being walked. */
interface Folder {
  /** Its catalog path; `path` is the same with a slash at its end, except at the top. */
  readonly own: Buffer;
  readonly path: Buffer;
  /** The disk path, with a slash at its end. */
  readonly disk: Buffer;
  /** Set when `disk` leads through an open folder. */
  readonly fd: number | undefined;
  /** As Latin-1, in order. */
  readonly names: readonly string[];
  next: number;
  readonly selection: Selection | undefined;
  /** All of the contents are looked at, not only what `selection` names. */
  readonly isSelected: boolean;
  readonly standing: Standing;
  readonly place: Place | undefined;
  readonly defaults: DefaultNodes;
  /** Rules ignore it, and it is only passed through on the way to a root. */
  readonly isIgnored: boolean;
  readonly scope: RuleScope;
  /** The file system of the folder, and of the root above it. */
  readonly dev: bigint | undefined;
  readonly rootDev: bigint | undefined;
  readonly look: Look;
  readonly changed: ChangedPlace | undefined;
}

const hasRules = (scope: RuleScope): boolean => scope.configured !== undefined || scope.rules !== undefined;

function topFolder(
  selection: Selection,
  options: WalkOptions,
  chooser: Chooser,
  changed: ChangedPlace | undefined,
): Folder {
  const { configured, onProblem, defaults } = options;
  const isSelected = selection.isRoot && chooser.holds(chooser.top, chooser.places);
  const disk = Buffer.from("/");
  const stats = lstatSync(disk, { bigint: true });
  const look = changed?.look ?? "all";
  const listed = isSelected && look !== "itself" ? list(disk, EMPTY, onProblem) : undefined;
  return {
    own: EMPTY,
    path: EMPTY,
    disk,
    fd: undefined,
    names: listed ?? (changed && look === "itself" ? named(changed) : named(selection)),
    next: 0,
    look,
    changed,
    selection,
    isSelected,
    standing: chooser.top,
    place: chooser.places,
    defaults: defaults?.top ?? NOWHERE,
    isIgnored: false,
    scope: readRules(disk, EMPTY, { configured, rules: undefined, from: 0 }, onProblem),
    dev: stats.dev,
    rootDev: selection.isRoot ? stats.dev : undefined,
  };
}

interface Entering {
  readonly isRoot: boolean;
  readonly isSelected: boolean;
  readonly isIgnored: boolean;
  readonly selection: Selection | undefined;
  readonly options: WalkOptions;
  readonly chooser: Chooser;
  readonly standing: Standing;
  readonly place: Place | undefined;
  readonly nodes: DefaultNodes;
  readonly look: Look;
  readonly changed: ChangedPlace | undefined;
  readonly changes: KnownChanges | undefined;
}

/** `undefined` when there is nothing to walk in it. */
function enter(above: Folder, found: Found, name: string, how: Entering): Folder | undefined {
  const { isRoot, isIgnored, selection, changed, changes } = how;
  const { onProblem, oneFileSystem, defaults } = how.options;
  let disk = join(above.disk, name, "/");
  let fd: number | undefined;
  let isSelected = how.isSelected;
  const rootDev = isRoot ? found.dev : above.rootDev;
  if (isSelected && (isRoot || found.dev !== above.dev)) {
    if (oneFileSystem && found.dev !== rootDev) isSelected = false;
    const virtual = findVirtual(disk, found.path);
    if (virtual !== undefined) {
      isSelected = false;
      if (isRoot) onProblem({ path: found.path, error: rootMissing(found.path, virtualReason(virtual)) });
    }
  }
  if (!isSelected && !selection) return undefined;
  if (disk.length > PATH_BYTES_MAX) {
    try {
      ({ fd, base: disk } = enterFolder(disk));
    } catch (cause) {
      onProblem({ path: found.path, error: readError(found.path, cause) });
      return undefined;
    }
  }
  let listed = isSelected && how.look !== "itself" ? list(disk, found.path, onProblem) : undefined;
  const look = how.look === "entries" && changes && areRulesNew(disk, found.path, changes) ? "all" : how.look;
  const mayBeCache = defaults !== undefined && isSelected && !isRoot && (!listed || hasName(listed, CACHE_TAG));
  if (mayBeCache && isCacheTag(join(disk, CACHE_TAG))) {
    isSelected = false;
    listed = undefined;
  }
  const scope = isRoot && isIgnored ? restartedScope(found.path, above.scope) : above.scope;
  const mayHaveRules = listed === undefined || hasName(listed, RULE_FILE);
  return {
    own: found.path,
    path: join(found.path, "", "/"),
    disk,
    fd,
    names: listed ?? (changed && look === "itself" ? named(changed) : selection ? named(selection) : []),
    next: 0,
    look,
    changed,
    selection,
    isSelected,
    standing: isSelected ? how.standing : how.chooser.ended(how.standing),
    place: how.place,
    defaults: how.nodes,
    isIgnored: isIgnored && !isRoot,
    scope: mayHaveRules ? readRules(disk, found.path, scope, onProblem) : scope,
    dev: found.dev,
    rootDev,
  };
}

/** A file that decides about the folder came, changed or went: what is below has to be decided again. */
function areRulesNew(disk: Buffer, folder: Buffer, { isSame }: KnownChanges): boolean {
  return DECIDING_FILES.some((name) => {
    const path = join(join(folder, "", "/"), name);
    const stats = lstatSync(join(disk, name), { bigint: true, throwIfNoEntry: false });
    return !isSame(path, stats && foundOf(path, stats));
  });
}

function list(disk: Buffer, path: Buffer, onProblem: (problem: DiskProblem) => void): string[] {
  try {
    // Latin-1 keeps every byte, and strings of it compare bytewise.
    return readdirSync(disk, { encoding: "latin1" }).sort();
  } catch (cause) {
    onProblem({ path, error: readError(path, cause) });
    return [];
  }
}

const named = ({ below }: { readonly below: ReadonlyMap<string, unknown> }): string[] => [...below.keys()].sort();

/** Names are sorted. */
function hasName(names: readonly string[], name: string): boolean {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] ?? "") < name) low = middle + 1;
    else high = middle;
  }
  return names[low] === name;
}

function readRules(
  disk: Buffer,
  folder: Buffer,
  scope: RuleScope,
  onProblem: (problem: DiskProblem) => void,
): RuleScope {
  const path = join(folder.length === 0 ? EMPTY : join(folder, "", "/"), RULE_FILE);
  try {
    const text = readFileSync(join(disk, RULE_FILE));
    return { ...scope, rules: rulesBelow(folder, text, shownPath(path), scope.rules) };
  } catch (cause) {
    if (!isGone(cause)) onProblem({ path, error: readError(path, cause) });
    return scope;
  }
}

function look(
  folder: Folder,
  name: string,
  path: Buffer,
  isRoot: boolean,
  onProblem: (problem: DiskProblem) => void,
): BigIntStats | undefined {
  try {
    const stats = lstatSync(join(folder.disk, name), { bigint: true, throwIfNoEntry: false });
    // A name that was not listed need not be there.
    if (stats || (folder.look === "itself" && !isRoot)) return stats;
    const error = isRoot ? rootMissing(path, "it is not there") : new HoldfastError("file/vanished", shown(path));
    onProblem({ path, error });
  } catch (cause) {
    onProblem({ path, error: isRoot ? rootMissing(path, cause) : readError(path, cause) });
  }
  return undefined;
}

/** A root that is a symlink, or roots below what is no folder (any more). */
function tellWrongRoots(path: Buffer, selection: Selection, found: Found, onProblem: (problem: DiskProblem) => void) {
  for (const name of selection.below.keys()) {
    const root = join(join(path, "", "/"), name);
    onProblem({ path: root, error: rootMissing(root, "a folder on the way is not a folder") });
  }
  if (!selection.isRoot || found.type !== "symlink") return;
  onProblem({ path, error: rootMissing(path, "it is a symbolic link; only the link itself is backed up") });
}

const virtualReason = (kind: string): string => `it is a virtual file system (${kind})`;

const shown = (path: Buffer) => ({ path: shownPath(path) });

const EMPTY = Buffer.alloc(0);
const NOWHERE: DefaultNodes = [];
/** Besides settings: what they say may change from one backup to the next. */
const DECIDING_FILES = [RULE_FILE, CACHE_TAG];
