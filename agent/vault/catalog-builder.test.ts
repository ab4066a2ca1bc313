import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { makeCutHash } from "../chunk/cut-hash.ts";
import type { Entry } from "../model/entry.ts";
import { decodePage, type PageChild } from "../model/page.ts";
import { comparePaths } from "../model/path-order.ts";
import { CatalogBuilder, type KnownPage, type Mark } from "./catalog-builder.ts";

const cutHash = makeCutHash(Buffer.alloc(32, 1));
const NO_MARK = Buffer.alloc(16);

interface Catalog {
  readonly root: Buffer;
  readonly pages: ReadonlyMap<string, Buffer>;
  readonly marks: ReadonlyMap<string, readonly Mark[]>;
  readonly kept: number;
}

/** What is put into a builder: entries one by one, or a whole leaf of an earlier catalog. */
type Piece = Entry | KnownPage;

function build(pieces: Iterable<Piece>): Catalog {
  const pages = new Map<string, Buffer>();
  const marks = new Map<string, readonly Mark[]>();
  let kept = 0;
  const builder = new CatalogBuilder(
    {
      putPage: (page) => {
        const id = sha256(page.plain);
        pages.set(id.toString("hex"), page.plain);
        if (page.marks) marks.set(id.toString("hex"), page.marks);
        return id;
      },
      keepPage: (page) => {
        kept++;
        keepAll(page, pages);
      },
    },
    cutHash,
  );
  for (const piece of pieces) {
    if ("read" in piece) builder.addPage(piece);
    else builder.add(piece, NO_MARK);
  }
  const { root } = builder.finish();
  return { root, pages, marks, kept };
}

function keepAll(page: KnownPage, pages: Map<string, Buffer>): void {
  pages.set(page.page.toString("hex"), page.plain());
  if (page.level > 0) for (const below of page.pages()) keepAll(below, pages);
}

function topOf({ root, pages }: Catalog): KnownPage {
  const at = (child: PageChild, level: number, isLast: boolean): KnownPage => {
    const plain = pages.get(child.page.toString("hex")) ?? Buffer.alloc(0);
    const page = () => decodePage(plain);
    const children = () => {
      const decoded = page();
      return "children" in decoded ? decoded.children : [];
    };
    const entries = () => {
      const decoded = page();
      return "entries" in decoded ? decoded.entries : [];
    };
    return {
      ...child,
      level,
      isLast,
      plain: () => plain,
      pages: () => children().map((each, index, all) => at(each, level - 1, isLast && index === all.length - 1)),
      read: () => entries().map((entry) => ({ entry, mark: NO_MARK })),
    };
  };
  const level = pages.get(root.toString("hex"))?.[5] ?? 0;
  return at({ firstPath: Buffer.alloc(0), page: root, entries: 0, bytes: 0 }, level, true);
}

const leavesBelow = (page: KnownPage): KnownPage[] => (page.level === 0 ? [page] : page.pages().flatMap(leavesBelow));

const leavesOf = (catalog: Catalog): KnownPage[] => leavesBelow(topOf(catalog));

const entriesOf = (catalog: Catalog): Entry[] =>
  leavesOf(catalog).flatMap((leaf) => leaf.read().map(({ entry }) => entry));

const entry = (path: string, seconds = 0): Entry => ({
  path: Buffer.from(path),
  type: "folder",
  mode: 0o755,
  owner: { uid: 0, gid: 0, user: "", group: "" },
  mtimeSeconds: seconds,
  mtimeNanoseconds: 0,
  attributes: [],
  linkGroup: undefined,
});

const manyEntries = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) =>
    entry(`f${Math.floor(index / 700)}/name-${sha256(Buffer.from(String(index))).toString("hex", 0, 6)}`),
  )
    .sort((a, b) => comparePaths(a.path, b.path))
    .filter((each, index, all) => !all[index - 1]?.path.equals(each.path));

const entries = manyEntries(20_000);
const catalog = build(entries);

/** Entries one by one, but untouched leaves of `catalog` as a whole: what a backup does. */
function* withLeaves(changed: readonly Entry[]): Generator<Piece> {
  let at = 0;
  for (const leaf of leavesOf(catalog)) {
    const old = leaf.read().map((each) => each.entry);
    const isSame = old.every((each, index) => {
      const now = changed[at + index];
      return now?.path.equals(each.path) && now.mtimeSeconds === each.mtimeSeconds;
    });
    if (isSame) {
      yield leaf;
      at += old.length;
      continue;
    }
    const last = old.at(-1);
    for (; last && at < changed.length; at++) {
      const next = changed[at];
      if (!next || comparePaths(next.path, last.path) > 0) break;
      yield next;
    }
  }
  yield* changed.slice(at);
}

test("entries come out in order as they went in", () => {
  expect(entriesOf(catalog)).toEqual(entries);
  expect(leavesOf(catalog).length).toBeGreaterThan(15);
  expect(entriesOf(build([]))).toEqual([]);
});

test("one changed entry of 20,000 changes one page per level", () => {
  for (const index of [0, 1, 7777, 12_345, entries.length - 1]) {
    const changed = entries.map((each, at) => (at === index ? { ...each, mtimeSeconds: 99 } : each));
    const fresh = [...build(changed).pages.keys()].filter((page) => !catalog.pages.has(page));
    expect(fresh.length).toBeLessThanOrEqual(3);
  }
});

test("one entry more or less changes one page per level and a neighbour at most", () => {
  for (const index of [0, 5000, entries.length - 1]) {
    const path = `${entries[index]?.path.toString()}+`;
    const more = [...entries.slice(0, index + 1), entry(path), ...entries.slice(index + 1)];
    const fewer = entries.filter((_, at) => at !== index);
    for (const changed of [more, fewer]) {
      const fresh = [...build(changed).pages.keys()].filter((page) => !catalog.pages.has(page));
      expect(fresh.length).toBeLessThanOrEqual(6);
    }
  }
});

/** Ends of leaves more often than chance would have it: what happens there moves the next leaf's beginning. */
let passed = -1;
const ends = leavesOf(catalog).map((leaf) => {
  passed += leaf.entries;
  return passed;
});
const anyPlace = fc.oneof(fc.nat({ max: entries.length - 1 }), fc.constantFrom(...ends));

test("whichever leaves are taken over whole, the same entries give the same root", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: anyPlace, kind: fc.constantFrom("touch", "drop", "add") }), {
        maxLength: 8,
      }),
      (changes) => {
        const changed = new Map(entries.map((each) => [each.path.toString(), each]));
        for (const { at, kind } of changes) {
          const old = entries[at];
          if (!old) continue;
          const path = old.path.toString();
          if (kind === "touch") changed.set(path, { ...old, mtimeSeconds: 7 });
          else if (kind === "drop") changed.delete(path);
          else changed.set(`${path}-new`, entry(`${path}-new`));
        }
        const now = [...changed.values()].sort((a, b) => comparePaths(a.path, b.path));
        const taken = build(withLeaves(now));
        expect(taken.root.equals(build(now).root)).toBe(true);
        expect(entriesOf(taken)).toHaveLength(now.length);
      },
    ),
    { numRuns: 15 },
  );
});

/** Entries one by one where something changed, and pages as large as possible where nothing did: what a backup of known changes does. */
function* withPages(page: KnownPage, changed: readonly Entry[], touched: ReadonlySet<string>): Generator<Piece> {
  const inside = leavesBelow(page).flatMap((leaf) => leaf.read().map(({ entry }) => entry));
  const last = inside.at(-1);
  if (!inside.some(({ path }) => touched.has(path.toString()))) yield page;
  else if (page.level > 0) for (const below of page.pages()) yield* withPages(below, changed, touched);
  else {
    const first = page.firstPath;
    for (const each of changed)
      if (comparePaths(each.path, first) >= 0 && last && comparePaths(each.path, last.path) <= 0) yield each;
  }
}

test("whichever pages of whatever level are taken over whole, the same entries give the same root", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: anyPlace, kind: fc.constantFrom("touch", "drop") }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 20_000 }),
      (changes, length) => {
        const all = entries.slice(0, length);
        const before = build(all);
        const changed = new Map(all.map((each) => [each.path.toString(), each]));
        const touched = new Set<string>();
        for (const { at, kind } of changes) {
          const old = all[at % length];
          if (!old) continue;
          touched.add(old.path.toString());
          if (kind === "drop") changed.delete(old.path.toString());
          else if (changed.has(old.path.toString())) changed.set(old.path.toString(), { ...old, mtimeSeconds: 7 });
        }
        const now = [...changed.values()];
        const spliced = build(withPages(topOf(before), now, touched));
        expect(spliced.root.equals(build(now).root)).toBe(true);
      },
    ),
    { numRuns: 20 },
  );
});

test("an unchanged catalog takes over all its leaves but the last, which may have ended only because everything did", () => {
  const again = build(leavesOf(catalog));
  expect(again.root.equals(catalog.root)).toBe(true);
  expect(again.kept).toBe(leavesOf(catalog).length - 1);
});

test("a catalog that grows behind its old end is the same as one made anew", () => {
  const more = [...entries, ...Array.from({ length: 100 }, (_, index) => entry(`z/${String(index).padStart(3, "0")}`))];
  const grown = build([...leavesOf(catalog), ...more.slice(entries.length)]);
  expect(grown.root.equals(build(more).root)).toBe(true);
});

test("marks stand beside their entries", () => {
  const marked = new Map<string, number>();
  const builder = new CatalogBuilder(
    {
      putPage: ({ plain, marks }) => {
        const page = decodePage(plain);
        if ("entries" in page)
          for (const [index, { path }] of page.entries.entries())
            marked.set(path.toString(), marks?.[index]?.[0] ?? -1);
        return sha256(plain);
      },
      keepPage: () => undefined,
    },
    cutHash,
  );
  for (const [index, each] of entries.slice(0, 3000).entries()) builder.add(each, Buffer.alloc(16, index % 251));
  builder.finish();
  for (const [index, each] of entries.slice(0, 3000).entries())
    expect(marked.get(each.path.toString())).toBe(index % 251);
});
