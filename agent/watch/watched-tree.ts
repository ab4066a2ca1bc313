/**
 * A watch for each folder below a root: one plain `fs.watch` each, 3 KB (decision 0023). A folder is watched before it is listed, and what is found
 * later than at the start is named as changed after that, so that nothing falls in between. Symlinks are not followed.
 */
import { type BigIntStats, watch as fsWatch, lstatSync, opendirSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { systemCode } from "../../base/system-reason.ts";
import { diskPath } from "../disk/disk-path.ts";
import { RULE_FILE } from "../disk/ignore-rules.ts";
import { findVirtual } from "../disk/platform/file-system.ts";
import { folderOf } from "./collapse.ts";
import type { Unwatched } from "./messages.ts";
import { isRemote } from "./mounts.ts";
import { joinPath } from "./pending-changes.ts";
import type { RootWatcher, RootWatcherOptions } from "./root-watcher.ts";
import {
  closeWatch,
  identityOf,
  isLimit,
  isSameFolder,
  pathOf,
  type WatchedFolder,
  withAllBelow,
} from "./watched-folder.ts";

/** Between two turns of the loop, so that events don't pile up. */
const FOLDERS_A_TURN = 50;
const CHECKS_A_TURN = 500;
const ASKED_AT_ONCE = 1_000;

interface Candidate {
  readonly parent: WatchedFolder;
  readonly name: string;
}

interface Work {
  readonly folder: WatchedFolder;
  /** What lies in it is named as changed when it is watched. */
  readonly isNamed: boolean;
}

export class WatchedTree implements RootWatcher {
  readonly #options: RootWatcherOptions;
  readonly #top: WatchedFolder;
  readonly #scans: Work[] = [];
  readonly #checks = new Map<WatchedFolder, Set<string>>();
  readonly #unwatched = new Map<WatchedFolder, Unwatched["reason"]>();
  #rootDev = 0n;
  /** At the start nothing that is found is named: a walk follows. */
  #isNaming = false;
  #work: Promise<void> | undefined;

  constructor(options: RootWatcherOptions) {
    this.#options = options;
    this.#top = { name: options.root, parent: undefined, isDropped: false };
  }

  async start(isNamed: boolean): Promise<void> {
    this.#isNaming = isNamed;
    this.#scan({ folder: this.#top, isNamed });
    await this.#work;
    this.#isNaming = true;
  }

  renew(path: string): void {
    const [above, name] = [this.#find(folderOf(path)), path.slice(path.lastIndexOf("/") + 1)];
    if (!above) return;
    const folder = above.children?.get(name);
    if (folder) folder.identity = undefined;
    // Not known: it was a file system that nobody enters.
    this.#checkLater(above, name);
  }

  resync(): void {
    // From the top down: what is gone or another one takes with it what was below.
    for (const folder of withAllBelow(this.#top)) this.#scan({ folder, isNamed: false });
  }

  retry(): void {
    for (const [folder, reason] of this.#unwatched) if (reason !== "network") this.#scan({ folder, isNamed: true });
  }

  unwatched(): Unwatched[] {
    return Array.from(this.#unwatched, ([folder, reason]) => ({ path: pathOf(folder), reason }));
  }

  close(): void {
    this.#drop(this.#top);
    this.#scans.length = 0;
    this.#checks.clear();
  }

  #scan(work: Work): void {
    this.#scans.push(work);
    this.#work ??= this.#run();
  }

  #checkLater(folder: WatchedFolder, name: string): void {
    const names = this.#checks.get(folder);
    if (names) names.add(name);
    else this.#checks.set(folder, new Set([name]));
    this.#work ??= this.#run();
  }

  /** Checks first: what they find is looked through next. */
  async #run(): Promise<void> {
    await nextTurn();
    while (this.#checks.size > 0 || this.#scans.length > 0) {
      try {
        await this.#workATurn();
      } catch (error) {
        this.#options.onError(error);
      }
      await nextTurn();
    }
    this.#work = undefined;
    this.#options.onRest();
  }

  async #workATurn(): Promise<void> {
    const checked = this.#takeChecks().filter(({ parent, name }) => this.#check(parent, name));
    await this.#enter(checked);
    for (const { folder, isNamed } of this.#scans.splice(0, FOLDERS_A_TURN)) {
      const below = this.#open(folder);
      if (below === undefined) continue;
      if (isNamed) this.#options.pending.addFolder(pathOf(folder), "entries");
      await this.#enter(below);
    }
  }

  #takeChecks(): Candidate[] {
    const taken: Candidate[] = [];
    for (const [parent, names] of this.#checks) {
      for (const name of names) {
        if (taken.length >= CHECKS_A_TURN) return taken;
        names.delete(name);
        taken.push({ parent, name });
      }
      this.#checks.delete(parent);
    }
    return taken;
  }

  /** Somebody said that the name is not what it was. True for a folder that is to be watched. */
  #check(parent: WatchedFolder, name: string): boolean {
    if (parent.isDropped) return false;
    const child = parent.children?.get(name);
    const path = joinPath(pathOf(parent), name);
    const stats = findAt(path);
    // Its mode, or so: the watch goes with the folder.
    if (child?.handle && stats && isSameFolder(child.identity, stats)) return false;
    if (child) this.#drop(child);
    const isFolder = stats?.isDirectory() ?? false;
    if (child || isFolder) this.#options.pending.addFolder(path, "deep");
    return isFolder;
  }

  async #enter(candidates: readonly Candidate[]): Promise<void> {
    for (let from = 0; from < candidates.length; from += ASKED_AT_ONCE) {
      const some = candidates.slice(from, from + ASKED_AT_ONCE);
      const paths = some.map(({ parent, name }) => joinPath(pathOf(parent), name));
      const isWanted = await this.#options.ask(paths);
      for (const [at, { parent, name }] of some.entries()) {
        if (!isWanted[at] || parent.isDropped || parent.children?.has(name)) continue;
        if (this.#options.isRoot(paths[at] ?? "")) continue;
        const folder: WatchedFolder = { name, parent, isDropped: false };
        parent.children ??= new Map();
        parent.children.set(name, folder);
        this.#scan({ folder, isNamed: this.#isNaming });
      }
    }
  }

  /** Watches it and says what folders are in it that we don't know; `undefined` when it is none of ours. */
  #open(folder: WatchedFolder): Candidate[] | undefined {
    if (folder.isDropped) return undefined;
    const path = pathOf(folder);
    try {
      if (!folder.handle && this.#options.budget.isRefused) return this.#leave(folder, "limit");
      const stats = lookAt(path);
      if (!stats?.isDirectory() || this.#isElsewhere(folder, path, stats)) return this.#drop(folder);
      if (folder.handle && identityOf(stats) !== folder.identity) return this.#checkAgain(folder);
      if (!folder.handle) {
        if (!this.#options.budget.hasRoom()) return this.#leave(folder, "limit");
        this.#watch(folder, path);
        folder.identity = identityOf(stats);
        const now = lookAt(path);
        // Somebody put another one in its place while we opened it.
        if (!now || identityOf(now) !== folder.identity) this.#checkLater(folder.parent ?? folder, folder.name);
      }
      if (this.#unwatched.get(folder) !== "network") this.#unwatched.delete(folder);
      return foldersIn(path)
        .filter((name) => !folder.children?.has(name))
        .map((name) => ({ parent: folder, name }));
    } catch (error) {
      if (isLimit(error)) this.#options.budget.refuse(systemCode(error));
      const code = systemCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return this.#drop(folder);
      // The walk can't read it either. A change of its mode is told by the folder above.
      if (code === "EACCES" || code === "EPERM") return undefined;
      return this.#leave(folder, isLimit(error) ? "limit" : "error");
    }
  }

  /** A file system that a walk would not enter. */
  #isElsewhere(folder: WatchedFolder, path: string, { dev }: BigIntStats): boolean {
    const above = folder.parent?.dev;
    folder.dev = dev;
    if (!folder.parent) this.#rootDev = dev;
    if (dev === above) return false;
    const bytes = Buffer.from(path, "latin1");
    if (findVirtual(bytes, bytes.subarray(1)) !== undefined) return true;
    if (this.#options.oneFileSystem && dev !== this.#rootDev) return true;
    if (isRemote(bytes)) this.#unwatched.set(folder, "network");
    return false;
  }

  #watch(folder: WatchedFolder, path: string): void {
    const at = diskPath(Buffer.from(path.slice(1), "latin1"));
    try {
      folder.handle = fsWatch(at.path, { encoding: "buffer", persistent: false }, (event, name) =>
        this.#onEvent(folder, event, name),
      );
      folder.handle.on("error", () => this.#checkAgain(folder));
      this.#options.budget.count++;
    } finally {
      at.release();
    }
  }

  #checkAgain(folder: WatchedFolder): undefined {
    folder.identity = undefined;
    if (folder.parent) this.#checkLater(folder.parent, folder.name);
    else this.#options.onRootEvent();
  }

  #onEvent(folder: WatchedFolder, event: string, bytes: Buffer | null): void {
    const { pending, bursts, onRootEvent } = this.#options;
    bursts.count();
    if (folder.isDropped) return;
    const path = pathOf(folder);
    if (bytes === null) {
      pending.addFolder(path, "entries");
      this.#scan({ folder, isNamed: true });
      return;
    }
    const name = bytes.toString("latin1");
    pending.addName(path, name);
    // The folder itself goes by its own name, as something in it of that name does.
    if (!folder.parent && name === path.slice(path.lastIndexOf("/") + 1)) onRootEvent();
    if (name === RULE_FILE) this.#decideAgain(folder);
    if (event === "rename") this.#checkLater(folder, name);
  }

  /** Other rules: what is below may be left out now, or no longer. */
  #decideAgain(folder: WatchedFolder): void {
    for (const child of folder.children?.values() ?? []) this.#drop(child);
    this.#scan({ folder, isNamed: true });
  }

  #leave(folder: WatchedFolder, reason: Unwatched["reason"]): undefined {
    this.#unwatched.set(folder, reason);
  }

  #drop(folder: WatchedFolder): undefined {
    for (const each of withAllBelow(folder)) {
      each.isDropped = true;
      this.#unwatched.delete(each);
      if (closeWatch(each)) this.#options.budget.count--;
    }
    folder.parent?.children?.delete(folder.name);
  }

  #find(path: string): WatchedFolder | undefined {
    const { root } = this.#options;
    if (path === root) return this.#top;
    const base = root === "/" ? "/" : `${root}/`;
    if (!path.startsWith(base)) return undefined;
    let folder: WatchedFolder | undefined = this.#top;
    for (const name of path.slice(base.length).split("/")) folder = folder?.children?.get(name);
    return folder;
  }
}

function lookAt(path: string): BigIntStats | undefined {
  const at = diskPath(Buffer.from(path.slice(1), "latin1"));
  try {
    return lstatSync(at.path, { bigint: true, throwIfNoEntry: false });
  } finally {
    at.release();
  }
}

/** `undefined` also where it can't be looked at: then it can't be watched, or backed up. */
function findAt(path: string): BigIntStats | undefined {
  try {
    return lookAt(path);
  } catch {
    return undefined;
  }
}

/** As Latin-1. Not all entries of a folder of a million files at once. */
function foldersIn(path: string): string[] {
  const at = diskPath(Buffer.from(path.slice(1), "latin1"));
  try {
    const names: string[] = [];
    const open = opendirSync(at.path, { encoding: "latin1", bufferSize: 512 });
    try {
      for (let entry = open.readSync(); entry; entry = open.readSync()) if (entry.isDirectory()) names.push(entry.name);
    } finally {
      open.closeSync();
    }
    return names;
  } finally {
    at.release();
  }
}
