/** A root that is no folder (a file, a link): the folder it is in is watched, for editors put another file in its place. */
import { type FSWatcher, watch as fsWatch } from "node:fs";
import { systemCode } from "../../base/system-reason.ts";
import { folderOf } from "./collapse.ts";
import type { Unwatched } from "./messages.ts";
import type { RootWatcher, RootWatcherOptions } from "./root-watcher.ts";
import { isLimit } from "./watched-folder.ts";

export class FileRoot implements RootWatcher {
  readonly #options: RootWatcherOptions;
  readonly #name: string;
  #handle: FSWatcher | undefined;

  constructor(options: RootWatcherOptions) {
    this.#options = options;
    this.#name = options.root.slice(options.root.lastIndexOf("/") + 1);
  }

  async start(isNamed: boolean): Promise<void> {
    this.retry();
    if (isNamed) this.#tell();
  }

  renew(): void {}

  resync(): void {
    this.#tell();
  }

  retry(): void {
    const { root, budget, bursts, onRootEvent } = this.#options;
    if (this.#handle || !budget.hasRoom()) return;
    try {
      const folder = Buffer.from(folderOf(root), "latin1");
      this.#handle = fsWatch(folder, { encoding: "buffer", persistent: false }, (_, name) => {
        bursts.count();
        if (name !== null && name.toString("latin1") !== this.#name) return;
        this.#tell();
        onRootEvent();
      });
      this.#handle.on("error", () => this.close());
      budget.count++;
    } catch (error) {
      if (isLimit(error)) budget.refuse(systemCode(error));
    }
  }

  unwatched(): Unwatched[] {
    return this.#handle ? [] : [{ path: this.#options.root, reason: "error" }];
  }

  close(): void {
    if (!this.#handle) return;
    this.#handle.close();
    this.#handle = undefined;
    this.#options.budget.count--;
  }

  #tell(): void {
    this.#options.pending.addName(folderOf(this.#options.root), this.#name);
  }
}
