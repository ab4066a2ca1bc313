/**
 * A missing disk is not a deletion. What can't be looked at (a root that is not there, a folder that can't be listed, a mount point whose disk is
 * gone) stays as the last catalog has it. This goes around a walk, hears its problems, and says in path order where the last catalog holds.
 */
import { HoldfastError } from "../../protocol/errors.ts";
import { shownPath } from "../disk/disk-path.ts";
import type { DiskProblem, Found } from "../disk/found.ts";
import type { Gap } from "../disk/gap.ts";
import { isEmptyFolder } from "../disk/is-empty-folder.ts";
import { comparePaths, isBefore, isWithin } from "../model/path-order.ts";
import { type LastCatalog, unlessLost } from "../state/last-catalog.ts";
import type { Devices } from "../state/state.ts";

/** The entry of a folder above a place that is kept; only the entry. */
export interface KeptEntry {
  readonly kept: Buffer;
}

export interface KeptPlacesOptions {
  readonly last: Pick<LastCatalog, "hasBelow"> | undefined;
  /** Of the last backup. */
  readonly devices: Devices;
  /** Catalog paths. */
  readonly roots: readonly Buffer[];
  readonly onProblem: (problem: DiskProblem) => void;
}

/** Disks that are mounted in a backup; more are not remembered. */
const DEVICES_MAX = 1000;
const CANT_LOOK = ["root/missing", "file/unreadable"];

export class KeptPlaces {
  readonly #options: KeptPlacesOptions;
  readonly #roots: ReadonlySet<string>;
  /** In path order, each still to come. */
  readonly #places: Buffer[] = [];
  /** Folders from the top down to the one that was found last. */
  readonly #chain: Found[] = [];
  /** What was found last and is no folder. */
  #lastOther: Found | undefined;
  readonly #kept: Buffer[] = [];
  readonly #devices = new Map<string, bigint>();

  constructor(options: KeptPlacesOptions) {
    this.#options = options;
    this.#roots = new Set(options.roots.map(keyOf));
  }

  /** Takes every problem of the walk, when it comes up. */
  note(problem: DiskProblem): void {
    const { error, path } = problem;
    this.#options.onProblem(problem);
    if (CANT_LOOK.includes(error.code)) this.#keep(path);
  }

  /** On which device each root and each mount point is; of places that were not looked at, as before. */
  devicesNow({ isPartial }: { readonly isPartial: boolean }): Devices {
    const before = [...this.#options.devices].filter(([key]) => {
      const path = Buffer.from(key, "latin1");
      return isPartial || this.#kept.some((kept) => isWithin(path, kept));
    });
    return new Map([...before, ...this.#devices]);
  }

  *around(found: Iterable<Found | Gap>): Generator<Found | Gap | KeptEntry> {
    for (const each of found) {
      if ("isKept" in each) {
        yield* this.#keptUntil((path) => isBefore(path, each.until));
        yield each;
        continue;
      }
      const { path } = each;
      if (this.#isUnmounted(each)) {
        this.#tellUnmounted(path);
        continue;
      }
      if (this.#places.length > 0) yield* this.#keptUntil((place) => comparePaths(place, path) < 0);
      this.#step(each);
      yield each;
    }
    yield* this.#keptUntil(() => true);
  }

  #step(found: Found): void {
    if (found.type !== "folder") {
      this.#lastOther = found;
      return;
    }
    let above = this.#chain.at(-1);
    for (; above && !isWithin(found.path, above.path); above = this.#chain.at(-1)) this.#chain.pop();
    this.#chain.push(found);
    if (this.#devices.size === DEVICES_MAX) return;
    const key = keyOf(found.path);
    const isMounted = this.#roots.has(key) || (above !== undefined && above.dev !== found.dev);
    if (isMounted) this.#devices.set(key, found.dev);
  }

  /** It has the name of a mount point, nothing is in it, and it is on another device than what was there. */
  #isUnmounted({ type, path, dev }: Found): boolean {
    const { last, devices } = this.#options;
    const before = type === "folder" && devices.size > 0 ? devices.get(keyOf(path)) : undefined;
    if (before === undefined || before === dev) return false;
    return isEmptyFolder(path) && (unlessLost(() => last?.hasBelow(path)) ?? false);
  }

  #tellUnmounted(path: Buffer): void {
    const code = this.#roots.has(keyOf(path)) ? "root/missing" : "mount/missing";
    const reason = "it is empty, and on another disk than at the last backup";
    this.#options.onProblem({ path, error: new HoldfastError(code, { path: shownPath(path), reason }) });
    this.#keep(path);
  }

  #keep(path: Buffer): void {
    const at = this.#places.findIndex((place) => comparePaths(path, place) < 0);
    this.#places.splice(at < 0 ? this.#places.length : at, 0, path);
  }

  *#keptUntil(isDue: (path: Buffer) => boolean): Generator<Gap | KeptEntry> {
    for (let path = this.#places[0]; path && isDue(path); path = this.#places[0]) {
      this.#places.shift();
      const above = this.#chain.filter((found) => isWithin(path ?? found.path, found.path));
      // There is something else in its place now; nothing can lie below that.
      if (this.#lastOther && isWithin(path, this.#lastOther.path)) continue;
      this.#kept.push(path);
      for (const folder of foldersAbove(path))
        if (!above.some((found) => found.path.equals(folder))) yield { kept: folder };
      yield { isKept: false, until: { path, side: "before" } };
      yield { isKept: true, until: { path, side: "behind" } };
    }
  }
}

function* foldersAbove(path: Buffer): Generator<Buffer> {
  for (let slash = path.indexOf(0x2f); slash > 0; slash = path.indexOf(0x2f, slash + 1)) yield path.subarray(0, slash);
}

const keyOf = (path: Buffer): string => path.toString("latin1");
