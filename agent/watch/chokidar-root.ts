/**
 * A root watched by chokidar: one recursive watch of the system where it has that (macOS, Windows), else one for each folder. Its own events come
 * from comparing what it remembers of each file; ours need only say where to look, so files are left out and the raw events are taken.
 */
import { lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { systemCode } from "../../base/system-reason.ts";
import { RULE_FILE } from "../disk/ignore-rules.ts";
import type { Unwatched } from "./messages.ts";
import { joinPath } from "./pending-changes.ts";
import type { RootWatcher, RootWatcherOptions } from "./root-watcher.ts";
import { isLimit } from "./watched-folder.ts";

export class ChokidarRoot implements RootWatcher {
  readonly #options: RootWatcherOptions;
  /** As text: chokidar knows no other paths. */
  readonly #root: string;
  #watcher: FSWatcher | undefined;
  #isLimited = false;
  #folders = 0;

  constructor(options: RootWatcherOptions) {
    this.#options = options;
    this.#root = text(options.root);
  }

  async start(isNamed: boolean): Promise<void> {
    const { pending, budget } = this.#options;
    const isFolder = (_: string, stats?: Stats) => stats === undefined || stats.isDirectory();
    const watcher = watch(this.#root, {
      ignoreInitial: true,
      followSymlinks: false,
      atomic: false,
      ignorePermissionErrors: true,
      ignored: (path, stats) => !isFolder(path, stats),
    });
    this.#watcher = watcher;
    // What was made in it before it was watched.
    watcher.on("addDir", (path) => pending.addFolder(bytes(path), "deep"));
    watcher.on("unlinkDir", (path) => this.#onFolderGone(path));
    watcher.on("raw", (event, name, details) => this.#onRaw(event, name, details));
    watcher.on("error", (error) => this.#onError(error));
    await new Promise<void>((resolve) => watcher.once("ready", resolve));
    this.#folders = Object.keys(watcher.getWatched()).length;
    budget.count += this.#folders;
    if (isNamed) pending.addFolder(this.#options.root, "deep");
  }

  renew(path: string): void {
    // A watcher of its own is the only one that forgets what was there before.
    if (path.startsWith(joinPath(this.#options.root, ""))) void this.#restart();
  }

  resync(): void {
    void this.#restart();
  }

  retry(): void {
    if (this.#isLimited) void this.#restart();
  }

  unwatched(): Unwatched[] {
    return this.#isLimited ? [{ path: this.#options.root, reason: "limit" }] : [];
  }

  close(): void {
    this.#options.budget.count -= this.#folders;
    this.#folders = 0;
    void this.#watcher?.close();
    this.#watcher = undefined;
  }

  async #restart(): Promise<void> {
    this.close();
    this.#isLimited = false;
    await this.start(true);
    this.#options.onRest();
  }

  /** `name` is below the folder; the system may not know it. */
  #onRaw(event: string, name: string | null, details: unknown): void {
    const { pending, bursts, onRootEvent } = this.#options;
    bursts.count();
    const folder = watchedPathOf(details) ?? this.#root;
    // Without a name, or with one that is not UTF-8, and so is not known here: somewhere in the folder.
    if (name === null || name.includes("\uFFFD")) {
      pending.addFolder(bytes(folder), "entries");
      return;
    }
    const path = joinPath(folder, name.replaceAll("\\", "/"));
    if (folder === this.#root && path.slice(path.lastIndexOf("/") + 1) === folder.slice(folder.lastIndexOf("/") + 1))
      onRootEvent();
    if (event === "rename" && isFolderNow(path)) pending.addFolder(bytes(path), "deep");
    if (path.endsWith(`/${RULE_FILE}`)) pending.addFolder(bytes(dirname(path)), "deep");
    pending.addName(bytes(dirname(path)), bytes(path.slice(path.lastIndexOf("/") + 1)));
  }

  #onFolderGone(path: string): void {
    this.#options.pending.addFolder(bytes(path), "deep");
    if (path === this.#root) this.#options.onRootEvent();
  }

  #onError(error: unknown): void {
    if (isLimit(error)) {
      this.#isLimited = true;
      this.#options.budget.refuse(systemCode(error));
    } else this.#options.onError(error);
  }
}

const watchedPathOf = (details: unknown): string | undefined =>
  typeof details === "object" && details !== null && "watchedPath" in details && typeof details.watchedPath === "string"
    ? details.watchedPath
    : undefined;

function isFolderNow(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Between text and Latin-1 that keeps every byte. */
const bytes = (path: string): string => Buffer.from(path.replaceAll("\\", "/")).toString("latin1");
const text = (path: string): string => Buffer.from(path, "latin1").toString();
