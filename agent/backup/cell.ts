/** A cell is the content of one file that must be read: empty at first, filled by a reading thread, final when all its chunks are stored. */
import type { Found } from "../disk/found.ts";
import type { Content, Slice } from "../model/entry.ts";
import type { MarkedEntry } from "../state/last-catalog.ts";
import type { Fate } from "./known-chunks.ts";
import type { FileTrouble, ReadFile } from "./read-job.ts";

export interface Cell {
  found: Found;
  readonly old: MarkedEntry | undefined;
  /** Set when the file was read (or could not be). */
  read?: ReadFile;
  trouble?: FileTrouble;
  /** It is another name of that file, and not read itself. */
  linkOf: Cell | undefined;
  /** It was read and found equal to that file of this run, in whose bundle its content lies. */
  sameAs?: Cell;
  slices: readonly Slice[];
  fates: readonly Fate[];
  /** Another file took its place after the walk saw it; that one is read, with the metadata of the first. */
  isReplaced: boolean;
  /** It will not be read or sent: there is no room. */
  isRefused: boolean;
}

export type CellOutcome =
  | { readonly kind: "waiting" }
  | { readonly kind: "content"; readonly slices: readonly Slice[]; readonly isNew: boolean }
  | { readonly kind: "trouble"; readonly trouble: FileTrouble }
  | { readonly kind: "refused" };

export const makeCell = (found: Found, old: MarkedEntry | undefined): Cell => ({
  found,
  old,
  linkOf: undefined,
  slices: [],
  fates: [],
  isReplaced: false,
  isRefused: false,
});

export function outcomeOf(cell: Cell): CellOutcome {
  if (cell.trouble) return { kind: "trouble", trouble: cell.trouble };
  if (cell.isRefused) return { kind: "refused" };
  const { linkOf, sameAs } = cell;
  // An equal file's content may be stored before we know its own times: it waits for its own reading, too.
  if (!cell.read && !linkOf) return { kind: "waiting" };
  const first = linkOf ?? sameAs;
  if (first) {
    const outcome = outcomeOf(first);
    return outcome.kind === "content" ? { ...outcome, isNew: false } : outcome;
  }
  if (cell.fates.some(({ state }) => state === "refused")) return { kind: "refused" };
  if (cell.fates.some(({ state }) => state === "coming")) return { kind: "waiting" };
  return { kind: "content", slices: cell.slices, isNew: cell.fates.length > 0 };
}

export const MISSING: Content = { kind: "missing" };
