/**
 * Builds a catalog from entries in path order (format §6.2). Where a page ends depends only on what is in it, so equal content gives
 * equal pages, and a page of the previous catalog below which all entries are unchanged is taken over as it is.
 */
import { ByteWriter } from "../../base/bytes.ts";
import type { CutHash } from "../chunk/cut-hash.ts";
import type { Entry } from "../model/entry.ts";
import { type EncodedPage, encodeParent, LeafWriter, type PageChild } from "../model/page.ts";

const LEAF_ENTRIES_MIN = 64;
const LEAF_ENTRIES_MAX = 2048;
const LEAF_BYTES_MAX = 128 * 1024;
const LEAF_CUT_ONE_IN = 512;
const PARENT_CHILDREN_MIN = 2;
const PARENT_CHILDREN_MAX = 1024;
const PARENT_CUT_ONE_IN = 64;

export interface CatalogSink {
  /** Takes a page for keeping and gives its id. Leaves come with the marks of their entries, in order. */
  putPage(page: EncodedPage & { readonly marks: readonly Mark[] | undefined }): Buffer;
  /** A page that an earlier catalog already has, with all that is below it. */
  keepPage(page: KnownPage): void;
}

/** What the local state notes beside an entry, to tell next time whether it changed. */
export type Mark = Uint8Array;

/** A page of an earlier catalog, nothing below which has changed. */
export interface KnownPage extends PageChild {
  readonly level: number;
  /** Nothing came after it. */
  readonly isLast: boolean;
  plain(): Buffer;
  /** What is below a parent, for when it can't be taken over whole. */
  pages(): readonly KnownPage[];
  /** All entries of a leaf with their marks. */
  read(): readonly { readonly entry: Entry; readonly mark: Mark }[];
}

export interface BuiltCatalog {
  readonly root: Buffer;
  readonly entries: number;
  readonly bytes: number;
}

export class CatalogBuilder {
  readonly #sink: CatalogSink;
  readonly #cutHash: CutHash;
  readonly #levels: PageChild[][] = [];
  readonly #scratch = new ByteWriter(256 * 1024);
  #leaf = new LeafWriter(this.#scratch);
  #marks: Mark[] = [];

  constructor(sink: CatalogSink, cutHash: CutHash) {
    this.#sink = sink;
    this.#cutHash = cutHash;
  }

  /** Entries come in path order. */
  add(entry: Entry, mark: Mark): void {
    this.#leaf.add(entry);
    this.#marks.push(mark);
    const { count, encodedBytes } = this.#leaf;
    const isCut = count >= LEAF_ENTRIES_MIN && this.#cutHash(entry.path) % LEAF_CUT_ONE_IN === 0;
    if (isCut || count >= LEAF_ENTRIES_MAX || encodedBytes >= LEAF_BYTES_MAX) this.#endLeaf();
  }

  /** A whole page of an earlier catalog, all of whose entries are unchanged. It comes in path order, too. */
  addPage(page: KnownPage): void {
    if (!page.isLast && this.#isAtBeginning(page.level)) {
      this.#sink.keepPage(page);
      this.#addChild(page.level, page);
    } else if (page.level > 0) for (const below of page.pages()) this.addPage(below);
    // We are not at a page's beginning, or the leaf ended only because its catalog did: cut anew.
    else for (const { entry, mark } of page.read()) this.add(entry, mark);
  }

  finish(): BuiltCatalog {
    if (this.#leaf.count > 0 || this.#levels.length === 0) this.#endLeaf();
    for (let level = 0; ; level++) {
      const children = this.#levels[level] ?? [];
      const [only] = children;
      if (level === this.#levels.length - 1 && children.length === 1 && only) {
        return { root: only.page, entries: only.entries, bytes: only.bytes };
      }
      if (children.length > 0) this.#endParent(level);
    }
  }

  /** Nothing lower waits for its page's end. */
  #isAtBeginning(level: number): boolean {
    return this.#leaf.count === 0 && this.#levels.every((children, below) => below >= level || children.length === 0);
  }

  #endLeaf(): void {
    const { plain, links, firstPath, entries, bytes } = this.#leaf.finish();
    const page = this.#sink.putPage({ plain, links, marks: this.#marks });
    this.#leaf = new LeafWriter(this.#scratch);
    this.#marks = [];
    this.#addChild(0, { firstPath, page, entries, bytes });
  }

  /** `level` is the child's. */
  #addChild(level: number, child: PageChild): void {
    let children = this.#levels[level];
    if (!children) {
      children = [];
      this.#levels[level] = children;
    }
    children.push(child);
    const isCut = children.length >= PARENT_CHILDREN_MIN && child.page.readUInt32LE(0) % PARENT_CUT_ONE_IN === 0;
    if (isCut || children.length >= PARENT_CHILDREN_MAX) this.#endParent(level);
  }

  #endParent(level: number): void {
    const children = this.#levels[level] ?? [];
    const [first] = children;
    if (!first) return;
    this.#levels[level] = [];
    const page = this.#sink.putPage({ ...encodeParent(level + 1, children), marks: undefined });
    this.#addChild(level + 1, {
      firstPath: first.firstPath,
      page,
      entries: children.reduce((sum, child) => sum + child.entries, 0),
      bytes: children.reduce((sum, child) => sum + child.bytes, 0),
    });
  }
}
