/** Changes between two messages to the daemon: each once, and many of one folder as the folder. */
import { folderOf } from "./collapse.ts";
import type { Change, Reach } from "./messages.ts";

/** Of one folder; from there on it is cheaper to look at all that lies in it. */
const NAMES_MAX = 64;
/** In one message; beyond it, whole folders are named. Bounds what is held here. */
const FOLDERS_MAX = 2_000;
/** An editor's save is half a dozen events. */
const DELAY_MS = 50;

export class PendingChanges {
  readonly #folders = new Map<string, Set<string> | "entries" | "deep">();
  readonly #send: (changes: readonly Change[]) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (changes: readonly Change[]) => void) {
    this.#send = send;
  }

  /** `name` in the folder: came, changed or went. */
  addName(folder: string, name: string): void {
    const known = this.#folders.get(folder);
    if (known === undefined) this.#set(folder, new Set([name]));
    else if (typeof known !== "string" && known.add(name).size > NAMES_MAX) this.#folders.set(folder, "entries");
  }

  addFolder(folder: string, reach: "entries" | "deep"): void {
    if (this.#folders.get(folder) !== "deep") this.#set(folder, reach);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes: Change[] = [];
    for (const [folder, what] of this.#folders) {
      if (this.#isBelowDeep(folder)) continue;
      if (typeof what === "string") changes.push({ path: folder, reach: what });
      else for (const name of what) changes.push({ path: joinPath(folder, name), reach: "itself" satisfies Reach });
    }
    this.#folders.clear();
    if (changes.length > 0) this.#send(changes);
  }

  #isBelowDeep(folder: string): boolean {
    for (let above = folder; above !== "/"; ) {
      above = folderOf(above);
      if (this.#folders.get(above) === "deep") return true;
    }
    return false;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #set(folder: string, what: Set<string> | "entries" | "deep"): void {
    this.#folders.set(folder, what);
    this.#timer ??= setTimeout(() => this.flush(), DELAY_MS);
    if (this.#folders.size >= FOLDERS_MAX) this.flush();
  }
}

export const joinPath = (folder: string, name: string): string =>
  folder.endsWith("/") ? folder + name : `${folder}/${name}`;
