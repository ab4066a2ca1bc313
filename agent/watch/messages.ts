/** What the watching thread and the daemon say to each other. Paths are absolute, as Latin-1, which keeps every byte. */

/** What there is to look at: the thing itself, a folder and its direct contents, or everything below it. */
export type Reach = "itself" | "entries" | "deep";

export interface Change {
  readonly path: string;
  readonly reach: Reach;
}

/**
 * `overflow`: more came at once than the system keeps; `limit`: the system lets nobody watch more; `remount`: another disk, or another folder, is where
 * one was; `root-gone`; `sleep`: the machine stood still; `error`: anything else, said in `detail`.
 */
export type GapReason = "overflow" | "limit" | "remount" | "root-gone" | "sleep" | "error";

export interface ThreadGap {
  readonly reason: GapReason;
  readonly path?: string;
  readonly detail?: string;
}

/** `folders`: a watch for each folder. `chokidar`: one library call for each root. */
export type Watcher = "folders" | "chokidar";

export interface ThreadSettings {
  readonly roots: readonly string[];
  readonly watcher: Watcher;
  readonly oneFileSystem: boolean;
  /** At most so many folders are watched; without one, as many as the system allows. */
  readonly foldersMax: number;
  /** So many events in one go may have been more. */
  readonly burstEvents: number;
}

export type ToThread =
  /** For each folder asked about: whether it is looked into. */
  | { readonly kind: "answer"; readonly isWanted: readonly boolean[] }
  /** A minute has gone by: are the roots still what they were? */
  | { readonly kind: "check" }
  | { readonly kind: "stop" };

export type FromThread =
  | { readonly kind: "ask"; readonly folders: readonly string[] }
  | { readonly kind: "changes"; readonly changes: readonly Change[] }
  | { readonly kind: "gap"; readonly gap: ThreadGap }
  | {
      readonly kind: "count";
      readonly folders: number;
      readonly events: number;
      readonly unwatched: readonly Unwatched[];
    }
  | { readonly kind: "checked" }
  | { readonly kind: "ready" };

/** Changes in it are not noticed. */
export interface Unwatched {
  readonly path: string;
  readonly reason: "limit" | "missing" | "network" | "error";
}
