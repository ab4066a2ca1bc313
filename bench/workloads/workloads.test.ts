import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SourceTree } from "../source-tree.ts";
import { WORKLOADS } from "./all.ts";
import { content } from "./content.ts";
import { describeTree, differences } from "./describe-tree.ts";
import { planDocuments } from "./documents.ts";
import { image, planZones } from "./image.ts";
import { manyFiles } from "./many-files.ts";
import { distinct, seededRandom } from "./seeded-random.ts";
import { planSmallFiles } from "./small-files.ts";

const SEEDED = WORKLOADS.filter(({ name }) => name !== "real");
const PLAN = { seed: 7, scale: 0.002 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-workloads-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const treeIn = (name: string, workload = image, plan = PLAN) => new SourceTree(workload, plan, join(folder, name));

test.each(SEEDED)("$name: the same seed gives the same tree, and the same changes", (workload) => {
  const one = treeIn("one", workload);
  const two = treeIn("two", workload);
  expect(differences(one.facts("first"), two.facts("first"))).toEqual([]);
  for (const tree of [one, two]) {
    tree.change("changeTen");
    tree.change("changePercent");
  }
  expect(differences(one.facts("last"), two.facts("last"))).toEqual([]);
});

test.each(SEEDED)("$name: another seed gives another tree", (workload) => {
  const one = treeIn("one", workload);
  const two = treeIn("two", workload, { ...PLAN, seed: 8 });
  expect(differences(one.facts("first"), two.facts("first"))).not.toEqual([]);
});

test.each(WORKLOADS)(
  "$name: each change changes the tree, and undoing gives back content, modes and times",
  (workload) => {
    const tree = treeIn("one", workload);
    const first = tree.facts("first");
    tree.change("changeTen");
    const ten = tree.facts("ten");
    expect(differences(first, ten)).not.toEqual([]);
    tree.change("changePercent");
    expect(differences(ten, tree.facts("percent"))).not.toEqual([]);
    tree.undoChanges();
    expect(differences(first, describeTree(tree.folder))).toEqual([]);
  },
);

test("the file that is restored by itself never changes", () => {
  const [documents] = WORKLOADS;
  if (!documents) throw new Error("no workload");
  const tree = treeIn("one", documents, { seed: 1, scale: 0.005 });
  const one = tree.one ?? "";
  const before = tree.facts("first").get(one);
  tree.change("changeTen");
  tree.change("changePercent");
  expect(tree.facts("last").get(one)).toBe(before);
});

test("documents: sizes add up, kinds and duplicates have their shares", () => {
  const scale = 0.1;
  const files = planDocuments({ seed: 1, scale });
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  expect(files.length).toBe(1200);
  expect(bytes / (2 ** 31 * scale)).toBeGreaterThan(0.7);
  expect(bytes / (2 ** 31 * scale)).toBeLessThan(1.4);
  const share = (matches: (kind: string) => boolean) => files.filter(({ kind }) => matches(kind)).length / files.length;
  expect(share((kind) => kind === "random")).toBeCloseTo(0.3, 1);
  expect(share((kind) => kind === "half")).toBeCloseTo(0.2, 1);
  expect(1 - new Set(files.map(({ key }) => key)).size / files.length).toBeCloseTo(0.1, 1);
});

test("small files are 1 to 8 KiB and all have names of their own", () => {
  const files = planSmallFiles({ seed: 1, scale: 0.01 });
  expect(new Set(files.map(({ path }) => path)).size).toBe(1000);
  for (const { size } of files) {
    expect(size).toBeGreaterThanOrEqual(1024);
    expect(size).toBeLessThanOrEqual(8192);
  }
});

test("any number of small files, that change as others do", () => {
  const tree = treeIn("one", manyFiles(250));
  const first = tree.facts("first");
  expect(tree.files.length).toBe(250);
  tree.change("changeTen");
  expect(differences(first, tree.facts("ten")).length).toBeGreaterThanOrEqual(10);
  tree.undoChanges();
  expect(differences(first, describeTree(tree.folder))).toEqual([]);
});

test("an image's holes take no room on the disk", () => {
  const plan = { seed: 3, scale: 0.01 };
  const [disk] = treeIn("one", image, plan).files;
  const holes = planZones(plan).filter((zone) => zone === "hole").length;
  expect(holes).toBeGreaterThan(0);
  expect(disk?.size).toBe(planZones(plan).length * 2 ** 22);
  expect(disk?.allocated).toBeLessThanOrEqual((disk?.size ?? 0) - holes * 2 ** 22 + 65_536);
});

test.each([
  ["prose", 2, 12],
  ["code", 2, 12],
  ["json", 1.8, 12],
  ["half", 1.3, 2.6],
  ["random", 0.99, 1.001],
] as const)("%s compresses as its name says", (kind, least, most) => {
  const bytes = content(seededRandom("content", kind), kind, 2 ** 20);
  const ratio = bytes.length / zstdCompressSync(bytes).length;
  expect(bytes.length).toBe(2 ** 20);
  expect(ratio).toBeGreaterThan(least);
  expect(ratio).toBeLessThan(most);
});

test("distinct numbers are distinct, ascending and below their bound", () => {
  const numbers = distinct(seededRandom(1), 50, 60);
  expect(new Set(numbers).size).toBe(50);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers);
  expect(Math.max(...numbers)).toBeLessThan(60);
  expect(distinct(seededRandom(1), 10, 3)).toEqual([0, 1, 2]);
});
