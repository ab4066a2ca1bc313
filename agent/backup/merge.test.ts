import fc from "fast-check";
import { expect, test } from "vitest";
import type { Found } from "../disk/found.ts";
import type { Gap } from "../disk/gap.ts";
import type { Entry } from "../model/entry.ts";
import { comparePaths, isBefore, type Position } from "../model/path-order.ts";
import type { MarkedEntry, StoredPage } from "../state/last-catalog.ts";
import { isUnchanged, markOf } from "./mark.ts";
import { merge } from "./merge.ts";
import { OldCursor } from "./old-cursor.ts";

const NOW_NS = 10n ** 18n;

/** One of a few names, so that disk and catalog have many in common. */
const anyFiles = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 2 })), { maxLength: 60, selector: ([name]) => name })
  .map((files) =>
    files
      .map(([name, version]) => ({ path: Buffer.from(name % 3 === 0 ? `d/${name}` : `f-${name}`), version }))
      .sort((a, b) => comparePaths(a.path, b.path)),
  );

interface Version {
  readonly path: Buffer;
  readonly version: number;
}

const foundOf = ({ path, version }: Version): Found => ({
  path,
  type: "file",
  sizeBytes: 5,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeNs: BigInt(version),
  ctimeNs: BigInt(version),
  ino: 1n,
  dev: 1n,
  nlink: 1,
  rdev: 0n,
  blocks: 8,
});

function oldOf(file: Version): MarkedEntry {
  const entry: Entry = {
    path: file.path,
    type: "file",
    sizeBytes: 5,
    mode: 0o644,
    owner: { uid: 0, gid: 0, user: "", group: "" },
    mtimeSeconds: 0,
    mtimeNanoseconds: file.version,
    attributes: [],
    linkGroup: undefined,
    content: { kind: "missing" },
    changing: false,
  };
  return { entry, mark: markOf(foundOf(file), NOW_NS) };
}

/** A tree of pages over the files: `sizes` of leaves, and three leaves to a parent. */
function catalogOf(files: readonly Version[], sizes: readonly number[]): { readonly top: () => StoredPage } {
  const leaves: StoredPage[] = [];
  for (let at = 0, index = 0; at < files.length || index === 0; index++) {
    const part = files.slice(at, at + 1 + ((sizes[index] ?? 3) % 7)).map(oldOf);
    at += part.length;
    leaves.push(page(0, part[0]?.entry.path, { read: () => part }));
  }
  const parents: StoredPage[] = [];
  for (let at = 0; at < leaves.length; at += 3) {
    const pages = leaves.slice(at, at + 3);
    parents.push(page(1, pages[0]?.firstPath, { pages: () => pages }));
  }
  return { top: () => page(2, undefined, { pages: () => parents }) };
}

const page = (level: number, firstPath: Buffer | undefined, more: Partial<StoredPage>): StoredPage => ({
  level,
  firstPath: firstPath ?? Buffer.alloc(0),
  page: Buffer.alloc(32),
  entries: 0,
  bytes: 0,
  isLast: false,
  plain: () => Buffer.alloc(0),
  pages: () => [],
  read: () => [],
  ...more,
});

const entriesBelow = (from: StoredPage): MarkedEntry[] =>
  from.level === 0 ? [...from.read()] : from.pages().flatMap(entriesBelow);

/** Each step as one line for each path; a page stands for all of its entries. */
function stepsOf(
  found: Iterable<Found | Gap>,
  last: { readonly top: () => StoredPage },
  isUsable: (old: MarkedEntry) => boolean = () => true,
): string[] {
  const lines: string[] = [];
  for (const step of merge({ found, last: new OldCursor({ last, mayLose: false }), isUsable })) {
    if (step.kind === "page") for (const { entry } of entriesBelow(step.page)) lines.push(`left ${entry.path}`);
    else if (step.kind === "leaf") for (const { entry } of step.page.read()) lines.push(`kept ${entry.path}`);
    else if (step.kind === "kept") lines.push(`kept ${step.old.entry.path}`);
    else if (step.kind === "changed") lines.push(`${step.old ? "changed" : "new"} ${step.found.path}`);
  }
  return lines;
}

test("the merge says of every file on the disk what a comparison one by one says, in order", () => {
  fc.assert(
    fc.property(
      anyFiles,
      anyFiles,
      fc.array(fc.nat(), { maxLength: 20 }),
      fc.nat({ max: 80 }),
      (disk, catalog, sizes, lost) => {
        const isUsable = (old: MarkedEntry) => !old.entry.path.equals(catalog[lost]?.path ?? Buffer.alloc(0));
        const old = new Map(catalog.map((file) => [file.path.toString(), oldOf(file)]));
        const expected = disk.map((file) => {
          const known = old.get(file.path.toString());
          if (!known) return `new ${file.path}`;
          return `${isUnchanged(foundOf(file), known) && isUsable(known) ? "kept" : "changed"} ${file.path}`;
        });
        expect(stepsOf(disk.map(foundOf), catalogOf(catalog, sizes), isUsable)).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test("a leaf comes out whole exactly when nothing in it or between its entries differs", () => {
  const files = Array.from({ length: 9 }, (_, index) => ({ path: Buffer.from(`f-${index}`), version: 1 }));
  const last = catalogOf(files, [2, 2, 2]);
  const kinds = (disk: readonly Version[]) => {
    const cursor = new OldCursor({ last, mayLose: false });
    const steps = merge({ found: disk.map(foundOf), last: cursor, isUsable: () => true });
    return [...steps].map(({ kind }) => kind).filter((kind) => kind !== "gone");
  };
  expect(kinds(files)).toEqual(["leaf", "leaf", "leaf"]);
  const changed = files.map((file, index) => (index === 4 ? { ...file, version: 2 } : file));
  expect(kinds(changed)).toEqual(["leaf", "kept", "changed", "kept", "leaf"]);
  expect(kinds(files.filter((_, index) => index !== 4))).toEqual(["leaf", "kept", "kept", "leaf"]);
  const more = [...files, { path: Buffer.from("f-4x"), version: 1 }].sort((a, b) => comparePaths(a.path, b.path));
  expect(kinds(more)).toEqual(["leaf", "kept", "kept", "changed", "kept", "leaf"]);
});

test("a mark that is too young, or whose file differs in anything, does not hold", () => {
  const file = { path: Buffer.from("f"), version: 1 };
  const found = foundOf(file);
  const old = oldOf(file);
  expect(isUnchanged(found, old)).toBe(true);
  for (const more of [{ ino: 2n }, { ctimeNs: 2n }, { mtimeNs: 2n }, { sizeBytes: 6 }, { type: "symlink" as const }])
    expect(isUnchanged({ ...found, ...more }, old)).toBe(false);
  expect(isUnchanged(found, { ...old, mark: markOf(found, 1_000_000_000n) })).toBe(false);
  expect(isUnchanged(found, { ...old, mark: Buffer.alloc(0) })).toBe(false);
});

const anyPosition = fc
  .tuple(fc.nat({ max: 60 }), fc.constantFrom("before" as const, "behind" as const))
  .map(([name, side]): Position => ({ path: Buffer.from(name % 3 === 0 ? `d/${name}` : `f-${name}`), side }));

test("what the walk did not look at stays, and nothing else does", () => {
  fc.assert(
    fc.property(
      anyFiles,
      fc.array(fc.nat(), { maxLength: 20 }),
      anyPosition,
      anyPosition,
      (catalog, sizes, one, two) => {
        const isFirst = !isBefore(two.path, one) && comparePaths(one.path, two.path) !== 0;
        const [from, to] = isFirst ? [one, two] : [two, one];
        if (comparePaths(from.path, to.path) >= 0) return;
        const gaps: Gap[] = [
          { isKept: true, until: from },
          { isKept: false, until: to },
          { isKept: true, until: { path: Buffer.alloc(0), side: "behind" } },
        ];
        const expected = catalog.filter(({ path }) => isBefore(path, from) || !isBefore(path, to));
        const lines = stepsOf(gaps, catalogOf(catalog, sizes));
        expect(lines.map((line) => line.slice(line.indexOf(" ") + 1))).toEqual(expected.map(({ path }) => `${path}`));
      },
    ),
    { numRuns: 500 },
  );
});

test("a catalog that nobody looked into comes out as the one page it is", () => {
  const files = Array.from({ length: 30 }, (_, index) => ({ path: Buffer.from(`f-${index + 10}`), version: 1 }));
  const last = new OldCursor({ last: catalogOf(files, []), mayLose: false });
  const steps = [
    ...merge({
      found: [{ isKept: true, until: { path: Buffer.alloc(0), side: "behind" } }],
      last,
      isUsable: () => true,
    }),
  ];
  expect(steps.map(({ kind }) => kind)).toEqual(["page"]);
});
