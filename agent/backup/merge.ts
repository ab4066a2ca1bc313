/**
 * Compares what the walk finds with the last catalog; both are in path order, so one pass over each is enough. What the walk found
 * is looked up; where it says that it didn't look, the last catalog stays. Pages without a change come out whole.
 */
import type { Found } from "../disk/found.ts";
import type { Gap } from "../disk/gap.ts";
import type { MarkedEntry, StoredPage } from "../state/last-catalog.ts";
import type { KeptEntry } from "./kept-places.ts";
import { isUnchanged } from "./mark.ts";
import type { OldCursor } from "./old-cursor.ts";

export type Step =
  /** Nothing below the page was looked at. */
  | { readonly kind: "page"; readonly page: StoredPage }
  /** `files` of its entries are files. */
  | { readonly kind: "leaf"; readonly page: StoredPage; readonly files: number }
  | { readonly kind: "kept"; readonly old: MarkedEntry }
  | { readonly kind: "changed"; readonly found: Found; readonly old: MarkedEntry | undefined }
  | { readonly kind: "gone"; readonly old: MarkedEntry };

export interface MergeOptions {
  readonly found: Iterable<Found | Gap | KeptEntry>;
  /** Absent when there is no last catalog. */
  readonly last: OldCursor | undefined;
  /** A leaf or entry that refers to something the service has lost is not taken over. */
  readonly isUsable: (old: MarkedEntry) => boolean;
}

export function* merge({ found: all, last, isUsable }: MergeOptions): Generator<Step> {
  for (const found of all) {
    if ("isKept" in found) {
      if (found.isKept) last?.keep(found.until);
      else last?.drop(found.until);
    } else if ("kept" in found) last?.keepAt(found.kept);
    else if (last) compare(found, last, isUsable);
    else yield { kind: "changed", found, old: undefined };
    if (last) yield* last.take();
  }
  if (!last) return;
  last.drop({ path: Buffer.alloc(0), side: "behind" });
  yield* last.take();
}

function compare(found: Found, last: OldCursor, isUsable: (old: MarkedEntry) => boolean): void {
  let old = last.next;
  if (!old?.entry.path.equals(found.path)) {
    last.drop({ path: found.path, side: "before" });
    old = last.at(found.path);
  }
  if (old && isUnchanged(found, old) && isUsable(old)) last.keepEntry(old);
  else last.replace({ kind: "changed", found, old });
}
