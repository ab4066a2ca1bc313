/** What is backed up: a tree that a seed and a scale determine, and how it changes from one backup to the next. */
import type { ChangeLog } from "./change-log.ts";
import type { SeededRandom } from "./seeded-random.ts";

export interface Workload {
  readonly name: string;
  /** One line for people, at scale 1. */
  readonly about: string;
  /** Makes the tree in an empty folder. */
  generate(folder: string, plan: Plan): void;
  /** Ten files, or ten blocks of the one there is. */
  changeTen(tree: Tree): void;
  /** What changes here when about one per cent does, in words. */
  readonly percent: string;
  changePercent(tree: Tree): void;
}

export interface Plan {
  readonly seed: number;
  /** Multiplies counts and sizes. */
  readonly scale: number;
}

/** A generated tree that is about to change. */
export interface Tree {
  /** What it was generated from. */
  readonly plan: Plan;
  readonly random: SeededRandom;
  readonly changes: ChangeLog;
  /** Its regular files, sorted by path. */
  readonly files: readonly TreeFile[];
  /** Must be left alone, because it is restored by itself; undefined in a tree of one file. */
  readonly one: string | undefined;
}

export interface TreeFile {
  readonly path: string;
  readonly size: number;
  /** Bytes that take room on the disk: fewer than `size` where there are holes. */
  readonly allocated: number;
}
