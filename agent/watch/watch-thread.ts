/** What the watching thread does: every root has its watcher, and is looked at each minute, since nobody tells of other disks. */
import { lstatSync } from "node:fs";
import { systemReason } from "../../base/system-reason.ts";
import { Bursts } from "./bursts.ts";
import { ChokidarRoot } from "./chokidar-root.ts";
import { FileRoot } from "./file-root.ts";
import type { FromThread, ThreadGap, ThreadSettings, ToThread, Unwatched } from "./messages.ts";
import { changedMounts, type Mounts, readMounts } from "./mounts.ts";
import { PendingChanges } from "./pending-changes.ts";
import type { RootWatcher, RootWatcherOptions } from "./root-watcher.ts";
import { WatchBudget } from "./watch-budget.ts";
import { identityOf } from "./watched-folder.ts";
import { WatchedTree } from "./watched-tree.ts";

interface Root {
  readonly path: string;
  /** `undefined`: nothing is there. */
  identity: string | undefined;
  watcher: RootWatcher | undefined;
}

export class WatchThread {
  readonly #settings: ThreadSettings;
  readonly #post: (message: FromThread) => void;
  readonly #roots: readonly Root[];
  readonly #rootPaths: ReadonlySet<string>;
  readonly #pending: PendingChanges;
  readonly #bursts: Bursts;
  readonly #budget: WatchBudget;
  readonly #questions: ((isWanted: readonly boolean[]) => void)[] = [];
  #mounts: Mounts;
  #check: NodeJS.Immediate | undefined;

  constructor(settings: ThreadSettings, post: (message: FromThread) => void) {
    this.#settings = settings;
    this.#post = post;
    this.#roots = settings.roots.map((path) => ({ path, identity: undefined, watcher: undefined }));
    this.#rootPaths = new Set(settings.roots);
    this.#pending = new PendingChanges((changes) => post({ kind: "changes", changes }));
    this.#bursts = new Bursts(settings.burstEvents, () => this.#onBurst());
    this.#budget = new WatchBudget(settings.foldersMax, (detail) => this.#gap({ reason: "limit", detail }));
    this.#mounts = readMounts();
  }

  async start(): Promise<void> {
    await Promise.all(this.#roots.map((root) => this.#open(root, false)));
    this.#report();
    this.#post({ kind: "ready" });
  }

  receive(message: ToThread): void {
    if (message.kind === "answer") this.#questions.shift()?.(message.isWanted);
    else if (message.kind === "check") this.#checkAll();
    else this.#stop();
  }

  #checkAll(): void {
    this.#budget.tryAgain(!this.#unwatched().some(({ reason }) => reason === "limit"));
    for (const { watcher } of this.#roots) watcher?.retry();
    this.#checkRoots();
    const mounts = readMounts();
    for (const point of changedMounts(this.#mounts, mounts)) this.#onMount(point);
    this.#mounts = mounts;
    this.#report();
    this.#post({ kind: "checked" });
  }

  /** A walk finds what changed; where to watch from now on may have changed, too. */
  #onBurst(): void {
    this.#gap({ reason: "overflow" });
    for (const { watcher } of this.#roots) watcher?.resync();
  }

  #onMount(point: string): void {
    for (const { path, watcher } of this.#roots)
      if (point.startsWith(path === "/" ? "/" : `${path}/`)) watcher?.renew(point);
  }

  #checkRoots(): void {
    this.#check = undefined;
    for (const root of this.#roots) {
      const identity = identityAt(root.path);
      if (identity === root.identity) continue;
      root.watcher?.close();
      root.watcher = undefined;
      this.#gap({ reason: identity === undefined ? "root-gone" : "remount", path: root.path });
      void this.#open(root, true);
    }
    this.#report();
  }

  /** `isNamed`: what is in it counts as changed, since a walk may begin before all is watched. */
  async #open(root: Root, isNamed: boolean): Promise<void> {
    root.identity = identityAt(root.path);
    if (root.identity === undefined) return;
    const options: RootWatcherOptions = {
      root: root.path,
      oneFileSystem: this.#settings.oneFileSystem,
      pending: this.#pending,
      bursts: this.#bursts,
      budget: this.#budget,
      ask: (folders) => this.#ask(folders),
      isRoot: (path) => this.#rootPaths.has(path),
      onRootEvent: () => {
        this.#check ??= setImmediate(() => this.#checkRoots());
      },
      onRest: () => this.#report(),
      onError: (error) => this.#gap({ reason: "error", path: root.path, detail: systemReason(error) }),
    };
    const watcher = this.#watcherFor(root.identity, options);
    root.watcher = watcher;
    await watcher.start(isNamed);
    this.#report();
  }

  #watcherFor(identity: string, options: RootWatcherOptions): RootWatcher {
    if (identity === NO_FOLDER) return new FileRoot(options);
    return this.#settings.watcher === "folders" ? new WatchedTree(options) : new ChokidarRoot(options);
  }

  #ask(folders: readonly string[]): Promise<readonly boolean[]> {
    return new Promise((resolve) => {
      this.#questions.push(resolve);
      this.#post({ kind: "ask", folders });
    });
  }

  /** What was noticed before it comes first. */
  #gap(gap: ThreadGap): void {
    this.#pending.flush();
    this.#post({ kind: "gap", gap });
  }

  #unwatched(): Unwatched[] {
    return this.#roots.flatMap(({ path, watcher, identity }): Unwatched[] =>
      identity === undefined ? [{ path, reason: "missing" }] : (watcher?.unwatched() ?? []),
    );
  }

  #report(): void {
    const unwatched = this.#unwatched().slice(0, 100);
    this.#post({ kind: "count", folders: this.#budget.count, events: this.#bursts.total, unwatched });
  }

  #stop(): void {
    if (this.#check) clearImmediate(this.#check);
    this.#pending.flush();
    this.#pending.close();
    for (const { watcher } of this.#roots) watcher?.close();
  }
}

/** Of a folder: which one it is. A file may be replaced as often as somebody saves it. */
function identityAt(path: string): string | undefined {
  try {
    const stats = lstatSync(Buffer.from(path, "latin1"), { bigint: true });
    return stats.isDirectory() ? identityOf(stats) : NO_FOLDER;
  } catch {
    return undefined;
  }
}

const NO_FOLDER = "no folder";
