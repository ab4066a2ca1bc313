/** Keeps the watcher in step with what is backed up: another choice of folders, another watch. */
import type { Config } from "../config/effective.ts";
import type { StatusView } from "../control/messages.ts";
import type { DirtyPaths } from "../watch/dirty-paths.ts";
import type { DaemonParts, Watching } from "./parts.ts";

/** Changes that follow each other faster are one storm. */
const STORM_MS = 1000;

export class WatchKeeper {
  readonly #parts: DaemonParts;
  readonly #dirty: DirtyPaths;
  readonly #onChange: () => void;
  #choice: string | undefined;
  #watching: Watching | undefined;
  #isReady = true;
  #stop = new AbortController();

  constructor(parts: DaemonParts, dirty: DirtyPaths, onChange: () => void) {
    this.#parts = parts;
    this.#dirty = dirty;
    this.#onChange = onChange;
  }

  get view(): Omit<StatusView["watching"], "changes"> {
    const watching = this.#watching;
    // A root that is not there is another trouble.
    const isComplete = watching?.unwatched?.every(({ reason }) => reason === "missing") ?? watching?.isComplete ?? true;
    return { isOn: watching !== undefined, folders: watching?.folders ?? 0, isComplete };
  }

  /** Roots that are not there. */
  get missing(): readonly string[] {
    const unwatched = this.#watching?.unwatched ?? [];
    return unwatched.flatMap(({ path, reason }) => (reason === "missing" ? [path] : []));
  }

  /** A walk may begin: what it does not see any more, the watcher does. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** A new choice begins with a look at everything: nobody watched it before. */
  follow(config: Config): void {
    const { watch, log, clock } = this.#parts;
    const choice = JSON.stringify([config.backupSets.value, config.excludes.value, config.oneFileSystem.value]);
    if (choice === this.#choice || watch === undefined) return;
    const isFirst = this.#choice === undefined;
    this.#choice = choice;
    void this.close();
    this.#stop = new AbortController();
    if (!isFirst) this.#dirty.markGap("start");
    this.#watching = watch(config, {
      signal: this.#stop.signal,
      change: (change) => {
        // A storm of changes rings once; the rest of it is seen when the agent looks at the clock.
        const sinceMs = clock.now() - (this.#dirty.newestAt ?? Number.NEGATIVE_INFINITY);
        this.#dirty.add([change]);
        if (sinceMs < 0 || sinceMs > STORM_MS) this.#onChange();
      },
      gap: ({ reason, path, detail }) => {
        log.write("warning", "watch.gap", {
          reason,
          ...(path === undefined ? {} : { path }),
          ...(detail === undefined ? {} : { detail }),
        });
        this.#dirty.markGap(reason);
        this.#onChange();
      },
    });
    this.#isReady = false;
    void this.#ready(this.#watching);
  }

  async #ready(watching: Watching): Promise<void> {
    const { log } = this.#parts;
    try {
      await watching.ready;
      if (watching === this.#watching) log.write("info", "watch.ready", { folders: watching.folders });
    } catch (error) {
      // Without it every backup looks at everything.
      log.write("error", "watch.failed", { message: String(error) });
      this.#dirty.markGap("error");
    }
    if (watching !== this.#watching) return;
    this.#isReady = true;
    this.#onChange();
  }

  async close(): Promise<void> {
    const watching = this.#watching;
    this.#watching = undefined;
    this.#stop.abort();
    await watching?.[Symbol.asyncDispose]();
  }
}
