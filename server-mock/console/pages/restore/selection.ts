/** What is to be downloaded, across folders and dates: each with the snapshot that has it. */
import type { ArchiveRequest, EntryView } from "../../../../protocol/messages/web-restore.ts";
import { isBelow } from "./spelled-path.ts";

export interface Selected {
  readonly snapshot: number;
  readonly path: string;
  readonly name: string;
  readonly kind: EntryView["kind"];
  /** null: a folder; what is in it is counted by the service. */
  readonly bytes: number | null;
}

export type Selection = readonly Selected[];

type Of = Pick<Selected, "snapshot" | "path">;

const isSame = (one: Of, other: Of): boolean => one.snapshot === other.snapshot && one.path === other.path;

export const isSelected = (selection: Selection, of: Of): boolean => selection.some((each) => isSame(each, of));

/** A folder above it is selected, and so it is. */
export const isCovered = (selection: Selection, { snapshot, path }: Of): boolean =>
  selection.some((each) => each.snapshot === snapshot && each.kind === "folder" && isBelow(path, each.path));

/** A folder takes the place of what was selected below it. */
export const withSelected = (selection: Selection, wanted: Selected): Selection => [
  ...selection.filter((each) => !isSame(each, wanted) && !(wanted.kind === "folder" && isCovered([wanted], each))),
  wanted,
];

export const withoutSelected = (selection: Selection, of: Of): Selection =>
  selection.filter((each) => !isSame(each, of));

export function totalsOf(selection: Selection): { files: number; folders: number; bytes: number } {
  const folders = selection.filter(({ kind }) => kind === "folder").length;
  const bytes = selection.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
  return { files: selection.length - folders, folders, bytes };
}

/** By snapshot, as an archive is asked for. */
export function partsOf(selection: Selection): ArchiveRequest["parts"] {
  const bySnapshot = Map.groupBy(selection, ({ snapshot }) => snapshot);
  return [...bySnapshot].map(([snapshot, each]) => ({ snapshot, paths: each.map(({ path }) => path) }));
}
