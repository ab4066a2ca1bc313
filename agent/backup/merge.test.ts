import fc from "fast-check";
import { expect, test } from "vitest";
import type { Found } from "../disk/found.ts";
import type { Entry } from "../model/entry.ts";
import { comparePaths } from "../model/path-order.ts";
import type { MarkedEntry, StoredLeaf } from "../state/last-catalog.ts";
import { isUnchanged, markOf } from "./mark.ts";
import { merge } from "./merge.ts";

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

function leavesOf(files: readonly Version[], sizes: readonly number[]): StoredLeaf[] {
  const leaves: StoredLeaf[] = [];
  for (let at = 0, index = 0; at < files.length; index++) {
    const part = files.slice(at, at + 1 + ((sizes[index] ?? 3) % 7)).map(oldOf);
    at += part.length;
    const firstPath = part[0]?.entry.path ?? Buffer.alloc(0);
    leaves.push({
      firstPath,
      page: Buffer.alloc(32, index),
      entries: part.length,
      bytes: 0,
      plain: Buffer.alloc(0),
      isLast: at >= files.length,
      read: () => part,
    });
  }
  return leaves;
}

/** Each step as one line for each path; a whole leaf stands for all of its entries. */
function stepsOf(
  disk: readonly Version[],
  leaves: readonly StoredLeaf[],
  isUsable: (old: MarkedEntry) => boolean,
): string[] {
  const lines: string[] = [];
  for (const step of merge({ found: disk.map(foundOf), leaves: leaves[Symbol.iterator](), isUsable })) {
    if (step.kind === "leaf") {
      expect(step.found.map(({ path }) => path.toString())).toEqual(
        step.leaf.read().map(({ entry }) => entry.path.toString()),
      );
      for (const { path } of step.found) lines.push(`kept ${path}`);
    } else if (step.kind === "kept") {
      expect(step.old.entry.path.equals(step.found.path)).toBe(true);
      lines.push(`kept ${step.found.path}`);
    } else lines.push(`${step.old ? "changed" : "new"} ${step.found.path}`);
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
        expect(stepsOf(disk, leavesOf(catalog, sizes), isUsable)).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test("a leaf comes out whole exactly when nothing in it or between its entries differs", () => {
  const files = Array.from({ length: 9 }, (_, index) => ({ path: Buffer.from(`f-${index}`), version: 1 }));
  const leaves = leavesOf(files, [2, 2, 2]);
  const kinds = (disk: readonly Version[]) => {
    const steps = merge({ found: disk.map(foundOf), leaves: leaves[Symbol.iterator](), isUsable: () => true });
    return [...steps].map(({ kind }) => kind);
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
