/**
 * What uses the space below a folder, by its children. A catalog's parents say how many entries and bytes each page below has, so only pages in which one
 * child ends and another begins are opened: about two for each child.
 */

import type { Entry } from "../../agent/model/entry.ts";
import type { PageChild } from "../../agent/model/page.ts";
import { comparePaths, isWithin } from "../../agent/model/path-order.ts";
import { catalogPathOf, nameOf, spelledPath } from "../../agent/model/spelled-path.ts";
import { reaches } from "../../agent/vault/catalog-reader.ts";
import type { Snapshot } from "../../agent/vault/vault.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { EntryView, SizesResponse } from "../../protocol/messages/web-restore.ts";
import { kindOf, shownSnapshot } from "./entry-views.ts";

const ITEMS_MAX = 500;
const SLASH = 0x2f;

interface Sum {
  readonly path: Buffer;
  kind: EntryView["kind"];
  bytes: number;
  entries: number;
}

/** Throws `entry/missing`. */
export async function sizeFolder(snapshot: Snapshot, folder: string, signal?: AbortSignal): Promise<SizesResponse> {
  const within = catalogPathOf(folder);
  const itself = within.length === 0 ? undefined : await snapshot.catalog.find(within, signal);
  if (within.length > 0 && itself === undefined)
    throw new HoldfastError("entry/missing", { snapshot: snapshot.view.sequence, path: spelledPath(within) });
  const sums = new Sums(within);
  await visit(snapshot, { page: snapshot.catalog.root, from: Buffer.alloc(0), to: undefined }, sums, signal);
  const all = sums.all.sort((a, b) => b.bytes - a.bytes || comparePaths(a.path, b.path));
  const shown = all.slice(0, ITEMS_MAX);
  const rest = all.slice(ITEMS_MAX);
  return {
    snapshot: shownSnapshot(snapshot.view),
    folder: spelledPath(within),
    bytes: total(all, "bytes"),
    entries: total(all, "entries"),
    items: shown.map(({ path, ...sum }) => ({ ...sum, path: spelledPath(path), name: nameOf(path) })),
    rest: { items: rest.length, bytes: total(rest, "bytes"), entries: total(rest, "entries") },
  };
}

const total = (sums: readonly Sum[], what: "bytes" | "entries"): number =>
  sums.reduce((sum, each) => sum + each[what], 0);

interface Place {
  readonly page: Buffer;
  readonly from: Buffer;
  readonly to: Buffer | undefined;
}

async function visit({ catalog }: Snapshot, top: Place, sums: Sums, signal: AbortSignal | undefined): Promise<void> {
  const stack = [top];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    signal?.throwIfAborted();
    const page = await catalog.pages.get(place.page, signal);
    if ("entries" in page) {
      for (const entry of page.entries) sums.add(entry);
      continue;
    }
    const below: Place[] = [];
    for (const [at, child] of page.children.entries()) {
      const here = { page: child.page, from: child.firstPath, to: page.children[at + 1]?.firstPath ?? place.to };
      if (!sums.takesWhole(here, child)) below.push(here);
    }
    stack.push(...below.toReversed());
  }
}

class Sums {
  readonly #folder: Buffer;
  readonly #sums = new Map<string, Sum>();

  constructor(folder: Buffer) {
    this.#folder = folder;
  }

  get all(): Sum[] {
    return [...this.#sums.values()];
  }

  add(entry: Entry): void {
    const child = this.#childOf(entry.path);
    if (child === undefined) return;
    const sum = this.#sumOf(child);
    if (entry.path.length === child.length) sum.kind = kindOf(entry);
    sum.entries++;
    if (entry.type === "file") sum.bytes += entry.sizeBytes;
  }

  /** Whether nothing of the page need be looked at: it is all of one child, or of none. */
  takesWhole({ from, to }: Place, { entries, bytes }: PageChild): boolean {
    if (!reaches({ id: from, from, to }, this.#folder)) return true;
    const child = this.#childOf(from);
    // Its first entry is the child itself: what that is, only the page knows.
    if (child === undefined || child.length === from.length || to === undefined || !isWithin(to, child)) return false;
    const sum = this.#sumOf(child);
    sum.entries += entries;
    sum.bytes += bytes;
    return true;
  }

  #sumOf(path: Buffer): Sum {
    const key = path.toString("latin1");
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const sum: Sum = { path: Buffer.from(path), kind: "folder", bytes: 0, entries: 0 };
    this.#sums.set(key, sum);
    return sum;
  }

  /** The child of the folder at or above a path. */
  #childOf(path: Buffer): Buffer | undefined {
    const { length } = this.#folder;
    if (!isWithin(path, this.#folder) || path.length === length) return undefined;
    const slash = path.indexOf(SLASH, length === 0 ? 0 : length + 1);
    return slash < 0 ? path : path.subarray(0, slash);
  }
}
