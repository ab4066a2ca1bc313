/**
 * What somebody who looks around in a history sees and has chosen: a value that keys and answers make another value of (`press.ts`, `take.ts`), and that lines
 * are drawn from (`draw.ts`). Nothing here reads or writes.
 */
import type { Entry, RestorePlan, RestoreProgress, Version } from "../../agent/index.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";

/** A catalog path as Latin-1, so that every byte is one character; empty: the top. */
export type PathKey = string;

export const keyOf = (path: Buffer): PathKey => path.toString("latin1");
export const pathOf = (key: PathKey): Buffer => Buffer.from(key, "latin1");

export interface Node {
  readonly entry: Entry;
  /** Of what is deleted: the newest snapshot that has it. */
  readonly last?: number | undefined;
}

export type Folder =
  | { readonly kind: "loading" }
  | { readonly kind: "there"; readonly nodes: readonly Node[] }
  | { readonly kind: "failed"; readonly reason: string };

export type Row =
  | { readonly kind: "node"; readonly key: PathKey; readonly depth: number; readonly node: Node }
  /** Of a folder that is loading, empty, or can't be read. */
  | { readonly kind: "words"; readonly depth: number; readonly words: string };

/** One thing to restore: a path as a snapshot has it. */
export interface Chosen {
  readonly snapshot: number;
  readonly path: Buffer;
}

export interface Hit extends Chosen {
  readonly entry: Entry;
}

export type Existing = "rename" | "keep" | "overwrite";

/** A list that is looked at through a window. */
export interface Place {
  readonly cursor: number;
  readonly top: number;
}

export type Mode =
  | { readonly kind: "tree" }
  | ({ readonly kind: "snapshots" } & Place)
  | ({
      readonly kind: "found";
      readonly pattern: string;
      readonly hits: readonly Hit[];
      readonly isDone: boolean;
    } & Place)
  | ({ readonly kind: "versions"; readonly path: Buffer; readonly versions: readonly Version[] | undefined } & Place)
  | {
      readonly kind: "preview";
      readonly title: string;
      readonly lines: readonly string[] | undefined;
      readonly top: number;
    }
  | { readonly kind: "help"; readonly top: number }
  | { readonly kind: "ask"; readonly what: "date" | "name" | "target"; readonly text: string }
  | {
      readonly kind: "plan";
      readonly target: string;
      readonly chosen: readonly Chosen[];
      readonly existing: Existing;
      readonly plan: Plan | undefined;
    }
  | { readonly kind: "restoring"; readonly target: string; readonly progress: RestoreProgress | undefined }
  | { readonly kind: "report"; readonly lines: readonly string[]; readonly top: number };

/** Of all snapshots that something was chosen from. */
export type Plan = Pick<
  RestorePlan,
  "files" | "bytes" | "folders" | "others" | "kept" | "bytesToFetch" | "problems" | "problemCount"
>;

export interface Browse {
  readonly machine: string;
  /** Newest first; there is one. */
  readonly snapshots: readonly SnapshotView[];
  /** The one that is looked at. */
  readonly snapshot: number;
  /** As far as they were opened. */
  readonly folders: ReadonlyMap<PathKey, Folder>;
  readonly open: ReadonlySet<PathKey>;
  readonly rows: readonly Row[];
  readonly place: Place;
  /** Where the cursor goes as soon as it is there. */
  readonly sought: PathKey | undefined;
  readonly chosen: ReadonlyMap<string, Chosen>;
  readonly withDeleted: boolean;
  readonly mode: Mode;
  /** Where `mode` was come to from. */
  readonly before: Mode;
  /** One line about what happened last. */
  readonly note: string;
  readonly size: { readonly columns: number; readonly rows: number };
}

export interface RestoreWish {
  readonly target: string;
  readonly chosen: readonly Chosen[];
  readonly existing: Existing;
}

/** What is to be done outside; answers come back as events (`take.ts`). */
export type Wish =
  | { readonly kind: "list"; readonly snapshot: number; readonly key: PathKey; readonly withDeleted: boolean }
  | { readonly kind: "search"; readonly snapshot: number; readonly pattern: string; readonly everywhere: boolean }
  | { readonly kind: "versions"; readonly path: Buffer }
  | { readonly kind: "preview"; readonly snapshot: number; readonly entry: Entry }
  | { readonly kind: "date"; readonly text: string }
  | ({ readonly kind: "plan" } & RestoreWish)
  | ({ readonly kind: "restore" } & RestoreWish)
  /** Of what takes long: search, plan, restore. */
  | { readonly kind: "stop" }
  | { readonly kind: "quit" };

export interface Step {
  readonly state: Browse;
  readonly wishes: readonly Wish[];
}

export const still = (state: Browse): Step => ({ state, wishes: [] });

/** Lines between title and the two at the bottom. */
export const listHeight = ({ size }: Browse): number => Math.max(1, size.rows - 3);

/** The cursor stays in the list, and the window around it. */
export function placed(cursor: number, top: number, length: number, height: number): Place {
  const at = Math.max(0, Math.min(cursor, length - 1));
  const lowest = Math.max(0, Math.min(top, length - height));
  return { cursor: at, top: Math.max(at - height + 1, Math.min(lowest, at)) };
}

export const chosenKey = ({ snapshot, path }: Chosen): string => `${snapshot}/${keyOf(path)}`;

export function begin({
  machine,
  snapshots,
  size,
  snapshot = snapshots[0]?.sequence ?? 0,
}: Pick<Browse, "machine" | "snapshots" | "size"> & { snapshot?: number | undefined }): Step {
  const tree = { kind: "tree" } as const;
  const state: Browse = {
    machine,
    snapshots,
    snapshot,
    folders: new Map([["", { kind: "loading" }]]),
    open: new Set([""]),
    rows: [{ kind: "words", depth: 0, words: "…" }],
    place: { cursor: 0, top: 0 },
    sought: undefined,
    chosen: new Map(),
    withDeleted: false,
    mode: tree,
    before: tree,
    note: "",
    size,
  };
  return { state, wishes: [{ kind: "list", snapshot, key: "", withDeleted: false }] };
}
