/** What watches all that lies below a root, and what it needs for that. */
import type { Bursts } from "./bursts.ts";
import type { Unwatched } from "./messages.ts";
import type { PendingChanges } from "./pending-changes.ts";
import type { WatchBudget } from "./watch-budget.ts";

export interface RootWatcher {
  /** Resolves when all that is there is watched. `isNamed`: all of it is named as changed, too. */
  start(isNamed: boolean): Promise<void>;
  /** Something else is mounted at this folder: all of it counts as changed. Nothing happens if it is not one of ours. */
  renew(path: string): void;
  /** Events were lost: what is watched may no longer be where it was, and something may be new. */
  resync(): void;
  /** Tries again what could not be watched. */
  retry(): void;
  unwatched(): Unwatched[];
  close(): void;
}

export interface RootWatcherOptions {
  /** Absolute, Latin-1. */
  readonly root: string;
  readonly oneFileSystem: boolean;
  readonly pending: PendingChanges;
  readonly bursts: Bursts;
  readonly budget: WatchBudget;
  /** For each folder whether it is looked into. */
  readonly ask: (folders: readonly string[]) => Promise<readonly boolean[]>;
  /** Watched by itself. */
  readonly isRoot: (path: string) => boolean;
  /** The root itself may be another one, or gone. */
  readonly onRootEvent: () => void;
  readonly onError: (error: unknown) => void;
  /** Nothing is left to look at: counts may be others now. */
  readonly onRest: () => void;
}
