/**
 * Changes below the roots, as they happen. A hint and no more: what a watcher can't see (other names of a file, writes through memory, other
 * computers' doing on a network disk) is found by walks. Wait for `ready` before a walk begins, and nothing falls between the two.
 */
import { isUtf8 } from "node:buffer";
import { Worker } from "node:worker_threads";
import type { Clock } from "../../base/clock.ts";
import { burstEvents } from "./bursts.ts";
import { folderOf } from "./collapse.ts";
import type {
  Change,
  FromThread,
  GapReason,
  ThreadGap,
  ThreadSettings,
  ToThread,
  Unwatched,
  Watcher,
} from "./messages.ts";

export interface WatchedChange {
  /** Absolute; bytes where it is not UTF-8. */
  readonly path: string | Buffer;
  readonly isDeep: boolean;
  /** Not what lies in it, if it is a folder. */
  readonly isItselfOnly: boolean;
}

export interface WatchGap {
  readonly reason: GapReason;
  readonly path?: string;
  /** What to do, or what happened. */
  readonly detail?: string;
}

export interface WatchOptions {
  /** Absolute, there or not. */
  readonly roots: readonly string[];
  /** Not looked into, and no change in it told: caches, Holdfast's own data. Asked for what has a UTF-8 path, once for each folder. */
  readonly isLeftOut: (path: string, isFolder: boolean) => boolean;
  readonly onChange: (change: WatchedChange) => void;
  /** Changes may have been missed: a walk over everything is needed. */
  readonly onGap: (gap: WatchGap) => void;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Don't enter other file systems than a root's own. */
  readonly oneFileSystem?: boolean;
  /** By default what is best on this system. */
  readonly watcher?: Watcher;
  /** At most so many folders; by default as many as the system allows. */
  readonly foldersMax?: number;
  /** So many events in one go may have been more; by default half of what Linux keeps. */
  readonly burstEvents?: number;
}

export interface Watching extends AsyncDisposable {
  /** Watched now. */
  readonly folders: number;
  /** All that ever came from the system. */
  readonly events: number;
  /** All that is there is watched. A walk that began before is not to be relied on. */
  readonly ready: Promise<void>;
  /** False: walks must find what changes in `unwatched`. */
  readonly isComplete: boolean;
  /** At most a hundred. */
  readonly unwatched: readonly Unwatched[];
  /** Looks now at what is otherwise looked at each minute: roots and mounted disks. */
  check(): Promise<void>;
}

const CHECK_MS = 60_000;
/** More than a check is late on a busy machine. */
const SLEPT_MS = 180_000;
/** Maps of names, and little garbage: events are short. */
const SMALL_HEAP = { maxYoungGenerationSizeMb: 4 };

export function watch(options: WatchOptions): Watching {
  return new WatchingThread(options);
}

class WatchingThread implements Watching {
  readonly ready: Promise<void>;
  readonly #options: WatchOptions;
  readonly #watcher: Watcher;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #stop = new AbortController();
  readonly #checks: (() => void)[] = [];
  #isStopped = false;
  #onReady: () => void = () => undefined;
  folders = 0;
  events = 0;
  unwatched: readonly Unwatched[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    const { watcher = process.platform === "linux" ? "folders" : "chokidar", foldersMax, oneFileSystem } = options;
    this.#watcher = watcher;
    const settings: ThreadSettings = {
      roots: [...new Set(options.roots.map(inThread))],
      watcher,
      oneFileSystem: oneFileSystem ?? false,
      foldersMax: foldersMax ?? Number.MAX_SAFE_INTEGER,
      burstEvents: options.burstEvents ?? burstEvents(),
    };
    const file = import.meta.url.endsWith(".ts") ? "./watch-worker.ts" : "./watch-worker.js";
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData: settings,
      resourceLimits: SMALL_HEAP,
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.on("message", (message: FromThread) => this.#receive(message));
    this.#worker.on("error", (error) => this.#onBroken(error));
    if (options.signal?.aborted) void this[Symbol.asyncDispose]();
    options.signal?.addEventListener("abort", () => void this[Symbol.asyncDispose](), { once: true });
    void this.#checkEachMinute();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#stop.abort();
    this.#release();
    this.#worker.postMessage({ kind: "stop" } satisfies ToThread);
    await this.#ended;
  }

  get isComplete(): boolean {
    return this.unwatched.length === 0;
  }

  check(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.#checks.push(resolve);
      this.#worker.postMessage({ kind: "check" } satisfies ToThread);
    });
  }

  #receive(message: FromThread): void {
    if (this.#isStopped) return;
    switch (message.kind) {
      case "ask": {
        const isWanted = message.folders.map((path) => this.#isWanted(path, true));
        this.#worker.postMessage({ kind: "answer", isWanted } satisfies ToThread);
        break;
      }
      case "changes":
        for (const change of message.changes) this.#tell(change);
        break;
      case "gap":
        this.#options.onGap(toldGap(message.gap));
        break;
      case "count":
        this.folders = message.folders;
        this.events = message.events;
        this.unwatched = message.unwatched.map(({ path, reason }) => ({
          path: Buffer.from(path, "latin1").toString(),
          reason,
        }));
        break;
      case "checked":
        this.#checks.shift()?.();
        break;
      case "ready":
        this.#onReady();
        break;
    }
  }

  #tell({ path, reach }: Change): void {
    if (!this.#isTold({ path, reach })) return;
    const bytes = Buffer.from(path, "latin1");
    this.#options.onChange({
      path: isUtf8(bytes) ? bytes.toString() : bytes,
      isDeep: reach === "deep",
      isItselfOnly: reach === "itself",
    });
  }

  /** chokidar asks for no folder. */
  #isTold({ path, reach }: Change): boolean {
    if (reach === "itself" && !this.#isWanted(path, false)) return false;
    return this.#watcher === "folders" || this.#isWanted(reach === "itself" ? folderOf(path) : path, true);
  }

  #isWanted(path: string, isFolder: boolean): boolean {
    const bytes = Buffer.from(path, "latin1");
    return !isUtf8(bytes) || !this.#options.isLeftOut(bytes.toString(), isFolder);
  }

  async #checkEachMinute(): Promise<void> {
    const { clock, onGap } = this.#options;
    const { signal } = this.#stop;
    for (let before = clock.now(); ; before = clock.now()) {
      try {
        await clock.sleep(CHECK_MS, signal);
      } catch {
        return; // It ends.
      }
      if (clock.now() - before > SLEPT_MS) onGap({ reason: "sleep" });
      await this.check();
    }
  }

  #onBroken(error: unknown): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#stop.abort();
    this.#release();
    this.folders = 0;
    this.unwatched = this.#options.roots.map((path) => ({ path, reason: "error" }));
    this.#options.onGap({ reason: "error", detail: `the watching thread failed: ${String(error)}` });
  }

  /** Whoever waits waits no longer. */
  #release(): void {
    this.#onReady();
    for (const resolve of this.#checks.splice(0)) resolve();
  }
}

/** Absolute, with `/` only, and none at its end. */
const inThread = (root: string): string =>
  Buffer.from(root.replaceAll(process.platform === "win32" ? "\\" : "/", "/"))
    .toString("latin1")
    .replace(/(?<=.)\/+$/, "");

const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC:
    "the system lets a user watch no more folders: raise fs.inotify.max_user_watches (sysctl), by about 1 KB of memory each",
  EMFILE: "the system lets a user watch with no more programs: raise fs.inotify.max_user_instances (sysctl)",
  ENFILE: "the system has too many files open: raise fs.file-max (sysctl)",
};

function toldGap({ reason, path, detail }: ThreadGap): WatchGap {
  const said = (detail && LIMITS[detail]) ?? detail;
  return {
    reason,
    ...(path === undefined ? {} : { path: Buffer.from(path, "latin1").toString() }),
    ...(said === undefined ? {} : { detail: said }),
  };
}
