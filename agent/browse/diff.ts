/**
 * What changed from one snapshot to another. The two page trees are walked side by side and pages with equal ids are passed over, so the
 * cost is that of what differs.
 */
import { catalogPath } from "../disk/disk-path.ts";
import type { Entry } from "../model/entry.ts";
import { comparePaths, isWithin } from "../model/path-order.ts";
import type { PageReader } from "../vault/page-reader.ts";
import type { Snapshot } from "../vault/vault.ts";
import { sameContent, sameMetadata } from "./same-entry.ts";

export type Change =
  | { readonly kind: "added"; readonly path: Buffer; readonly after: Entry }
  | { readonly kind: "removed"; readonly path: Buffer; readonly before: Entry }
  | {
      readonly kind: "changed" | "metadata";
      readonly path: Buffer;
      readonly before: Entry;
      readonly after: Entry;
    };

export interface DiffOptions {
  /** Only at and below these. */
  readonly paths?: readonly (string | Buffer)[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** In path order. */
export async function* diff(before: Snapshot, after: Snapshot, options: DiffOptions = {}): AsyncGenerator<Change> {
  const within = (options.paths ?? []).map((path) => catalogPath(path));
  const isWanted = (path: Buffer) => within.length === 0 || within.some((folder) => isWithin(path, folder));
  const isReached = ({ from, to }: PageHead) =>
    within.length === 0 ||
    within.some(
      (folder) => (isWithin(from, folder) || comparePaths(from, folder) <= 0) && (!to || comparePaths(to, folder) > 0),
    );
  const a = new Cursor(before, options.signal, isReached);
  const b = new Cursor(after, options.signal, isReached);
  for (;;) {
    options.signal?.throwIfAborted();
    const [x, y] = [a.head, b.head];
    if (!x && !y) return;
    if (x?.kind === "page" && y?.kind === "page" && x.id.equals(y.id)) {
      a.skip();
      b.skip();
      continue;
    }
    const order = !x ? 1 : !y ? -1 : comparePaths(x.from, y.from);
    // What begins later may still lie within the other's page, so pages are opened before anything is concluded.
    if (x?.kind === "page" && order <= 0 && !(y?.kind === "page" && order === 0 && y.level > x.level)) await a.open();
    else if (y?.kind === "page" && order >= 0) await b.open();
    else if (x?.kind === "entry" && order < 0) {
      if (isWanted(x.from)) yield { kind: "removed", path: x.from, before: x.entry };
      a.skip();
    } else if (y?.kind === "entry" && order > 0) {
      if (isWanted(y.from)) yield { kind: "added", path: y.from, after: y.entry };
      b.skip();
    } else if (x?.kind === "entry" && y?.kind === "entry") {
      const change = isWanted(x.from) ? changeOf(x.entry, y.entry) : undefined;
      if (change) yield change;
      a.skip();
      b.skip();
    }
  }
}

function changeOf(before: Entry, after: Entry): Change | undefined {
  const path = after.path;
  if (!sameContent(before, after)) return { kind: "changed", path, before, after };
  return sameMetadata(before, after) ? undefined : { kind: "metadata", path, before, after };
}

interface PageHead {
  readonly kind: "page";
  readonly id: Buffer;
  readonly from: Buffer;
  readonly to: Buffer | undefined;
  /** Of the root it is not known. */
  readonly level: number;
}

type Head = PageHead | { readonly kind: "entry"; readonly from: Buffer; readonly entry: Entry };

const LEVEL_UNKNOWN = 99;

/** A place in a catalog: before a page that is not opened yet, or before an entry. */
class Cursor {
  /** The next one is last. */
  readonly #stack: Head[] = [];
  readonly #pages: PageReader;
  readonly #signal: AbortSignal | undefined;
  readonly #isReached: (page: PageHead) => boolean;

  constructor({ catalog }: Snapshot, signal: AbortSignal | undefined, isReached: (page: PageHead) => boolean) {
    this.#pages = catalog.pages;
    this.#signal = signal;
    this.#isReached = isReached;
    this.#stack.push({ kind: "page", id: catalog.root, from: Buffer.alloc(0), to: undefined, level: LEVEL_UNKNOWN });
  }

  get head(): Head | undefined {
    return this.#stack.at(-1);
  }

  skip(): void {
    this.#stack.pop();
  }

  async open(): Promise<void> {
    const head = this.#stack.pop();
    if (head?.kind !== "page") return;
    const page = await this.#pages.get(head.id, this.#signal);
    if ("entries" in page) {
      for (const entry of page.entries.toReversed()) this.#stack.push({ kind: "entry", from: entry.path, entry });
      return;
    }
    const children = page.children.map(
      (child, at): PageHead => ({
        kind: "page",
        id: child.page,
        from: child.firstPath,
        to: page.children[at + 1]?.firstPath ?? head.to,
        level: page.level - 1,
      }),
    );
    for (const child of children.toReversed()) if (this.#isReached(child)) this.#stack.push(child);
  }
}
