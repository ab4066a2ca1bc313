import fc from "fast-check";
import { expect, test } from "vitest";
import type { FileRules } from "../../../protocol/messages/policies.ts";
import { NO_FILE_RULES } from "../../../protocol/messages/policies.ts";
import { Chooser, type ChosenSet } from "./chooser.ts";
import type { LetterCase } from "./name-matcher.ts";
import type { Place } from "./places.ts";
import type { FileLook } from "./set-rules.ts";

const DAY_MS = 86_400_000;
const NOW_MS = 20_000 * DAY_MS;

type Said = Partial<Omit<ChosenSet, "include" | "exclude" | "roots">> & {
  readonly roots: readonly string[];
  readonly include?: Partial<FileRules>;
  readonly exclude?: Partial<FileRules>;
};

const rules = (said: Partial<FileRules> = {}) => {
  const { paths, ...rest } = { ...NO_FILE_RULES, ...said };
  return { ...rest, paths: paths.map((each) => ({ path: Buffer.from(each.slice(1)), said: each })) };
};
const setOf = (said: Said): ChosenSet => ({
  name: said.name ?? "one",
  exclusionary: said.exclusionary ?? false,
  roots: said.roots.map((root) => Buffer.from(root.slice(1))),
  include: rules(said.include),
  exclude: rules(said.exclude),
});

interface Thing extends Partial<FileLook> {
  readonly path: string;
  readonly ageDays?: number;
}

/** As a walk goes: what is not entered is not taken. */
function takes(sets: readonly Said[], thing: Thing | string, letterCase: LetterCase = "exact"): boolean {
  const { path, type = "file", sizeBytes = 10, ageDays = 1 } = typeof thing === "string" ? { path: thing } : thing;
  const chooser = new Chooser(sets.map(setOf), { nowMs: NOW_MS, letterCase });
  const roots = sets.flatMap(({ roots, exclusionary }) => (exclusionary ? [] : roots));
  let standing = chooser.top;
  let where: Place | undefined = chooser.places;
  const names = path.slice(1).split("/");
  for (const [depth, name] of names.entries()) {
    where = chooser.place(where, name);
    const here = `/${names.slice(0, depth + 1).join("/")}`;
    const isLast = depth === names.length - 1;
    const mtimeNs = BigInt(NOW_MS - ageDays * DAY_MS) * 1_000_000n;
    if (isLast && type !== "folder") return chooser.takes(standing, name, where, { type, sizeBytes, mtimeNs });
    standing = chooser.below(standing, name, where);
    const leads = roots.some((root) => root === here || root.startsWith(`${here}/`));
    if (!chooser.holds(standing, where) && !leads) return false;
  }
  return chooser.holds(standing, where);
}

test("a set takes what lies below its roots", () => {
  const sets = [{ roots: ["/a/b", "/file"] }];
  expect(["/a/b/c", "/a/b/c/d", "/file"].map((path) => takes(sets, path))).toEqual([true, true, true]);
  expect(["/a/c", "/x", "/a/bb/c"].map((path) => takes(sets, path))).toEqual([false, false, false]);
});

test.each<[string, Partial<FileRules>, Thing, boolean]>([
  ["a name", { names: ["*.tmp"] }, { path: "/a/x.tmp" }, true],
  ["a folder's name: all that is in it", { names: ["cache"] }, { path: "/a/b/cache/c/d" }, true],
  ["a path and all below it", { paths: ["/a/b"] }, { path: "/a/b/c/d" }, true],
  ["a path, not its neighbours", { paths: ["/a/b"] }, { path: "/a/c" }, false],
  ["an ending, in any letters", { types: ["Doc"] }, { path: "/a/x.dOC" }, true],
  ["an ending with a dot in it", { types: ["tar.gz"] }, { path: "/a/x.tar.gz" }, true],
  ["no ending", { types: ["doc"] }, { path: "/a/doc" }, false],
  ["a name that is only an ending", { types: ["doc"] }, { path: "/a/.doc" }, false],
  ["an ending of folders", { types: ["d"] }, { path: "/a/x.d", type: "folder" }, false],
  ["larger", { largerThanBytes: 100 }, { path: "/a/x", sizeBytes: 101 }, true],
  ["just as large", { largerThanBytes: 100 }, { path: "/a/x", sizeBytes: 100 }, false],
  ["smaller", { smallerThanBytes: 100 }, { path: "/a/x", sizeBytes: 99 }, true],
  ["just as small", { smallerThanBytes: 100 }, { path: "/a/x", sizeBytes: 100 }, false],
  ["sizes of symlinks", { smallerThanBytes: 100 }, { path: "/a/x", type: "symlink", sizeBytes: 0 }, false],
  ["older", { olderThanDays: 7 }, { path: "/a/x", ageDays: 7.1 }, true],
  ["not so old", { olderThanDays: 7 }, { path: "/a/x", ageDays: 6.9 }, false],
  ["newer", { newerThanDays: 7 }, { path: "/a/x", ageDays: 6.9 }, true],
  ["not so new", { newerThanDays: 7 }, { path: "/a/x", ageDays: 7.1 }, false],
  ["from the future", { newerThanDays: 7 }, { path: "/a/x", ageDays: -100 }, true],
  ["any of several", { names: ["nothing"], types: ["doc"], smallerThanBytes: 5 }, { path: "/a/x.doc" }, true],
])("rules of files: %s", (_, said, thing, isMatch) => {
  const other = { path: "/a/other.file", sizeBytes: 100, ageDays: 7 };
  expect(takes([{ roots: ["/a"], exclude: said }], thing)).toBe(!isMatch);
  // A folder is entered when something below might be included.
  if (thing.type !== "folder") expect(takes([{ roots: ["/a"], include: said }], thing)).toBe(isMatch);
  expect(takes([{ roots: ["/a"], include: said }], other)).toBe(false);
});

test("what is left out wins over what is included, and no rule below brings it back", () => {
  const sets = [{ roots: ["/a"], include: { types: ["doc"], paths: ["/a/b/keep"] }, exclude: { names: ["b"] } }];
  expect(takes(sets, "/a/x.doc")).toBe(true);
  expect(takes(sets, "/a/b/x.doc")).toBe(false);
  expect(takes(sets, "/a/b/keep/x")).toBe(false);
});

test("the nearest root of a set begins anew", () => {
  const sets = [{ roots: ["/a", "/a/b/c"], include: { types: ["doc"] }, exclude: { paths: ["/a/b"] } }];
  expect(["/a/x.doc", "/a/b/x.doc", "/a/b/c/x.doc", "/a/b/c/x"].map((path) => takes(sets, path))).toEqual([
    ...[true, false, true, false],
  ]);
});

test("folders that can hold nothing are not entered", () => {
  const folder = (path: string): Thing => ({ path, type: "folder" });
  const byPath = [{ roots: ["/a"], include: { paths: ["/a/b/c"] } }];
  expect(["/a/b", "/a/b/c", "/a/b/c/d", "/a/x"].map((path) => takes(byPath, folder(path)))).toEqual([
    ...[true, true, true, false],
  ]);
  expect(takes([{ roots: ["/a"], include: { names: ["*.doc"] } }], folder("/a/x/y"))).toBe(true);
  const without = { name: "no", exclusionary: true, roots: ["/a/b"] };
  expect(takes([{ roots: ["/a"] }, without], folder("/a/b/c"))).toBe(false);
  expect(takes([{ roots: ["/a"] }, { ...without, exclude: { types: ["doc"] } }], folder("/a/b/c"))).toBe(true);
});

test("what an exclusionary set takes is left out of all others, whatever their roots", () => {
  const sets = [
    { name: "home", roots: ["/home"] },
    { name: "ann", roots: ["/home/ann/videos"] },
    { name: "never", exclusionary: true, roots: ["/"], include: { types: ["iso"] }, exclude: { names: ["keep.iso"] } },
    { name: "no videos", exclusionary: true, roots: ["/home/ann/videos"], exclude: { smallerThanBytes: 5 } },
  ];
  expect(takes(sets, "/home/x.txt")).toBe(true);
  expect(takes(sets, "/home/x.iso")).toBe(false);
  expect(takes(sets, "/home/keep.iso")).toBe(true);
  expect(takes(sets, "/home/ann/videos/film")).toBe(false);
  expect(takes(sets, { path: "/home/ann/videos/note", sizeBytes: 4 })).toBe(true);
});

test("letters count as on the file system, in paths too", () => {
  const sets = [{ roots: ["/Users"], exclude: { paths: ["/users/ann/TMP"] } }];
  expect(takes(sets, "/Users/Ann/tmp/x")).toBe(true);
  expect(takes(sets, "/Users/Ann/tmp/x", "folded")).toBe(false);
});

const someRules = fc.record({
  names: fc.subarray(["a", "b*", "?c"]),
  types: fc.subarray(["x"]),
  paths: fc.subarray(["/a/b", "/b", "/a"]),
  largerThanBytes: fc.constantFrom(null, 9, 10),
  olderThanDays: fc.constantFrom(null, 0, 2),
});
const someSet = fc.record({
  roots: fc.subarray(["/", "/a", "/a/b", "/b/a"], { minLength: 1 }),
  include: someRules,
  exclude: someRules,
});
const somePath = fc
  .array(fc.constantFrom("a", "b", "bc", "ac", "n.x"), { minLength: 1, maxLength: 4 })
  .map((names) => `/${names.join("/")}`);

test("sets together take what any of them takes, without what exclusionary ones take", () => {
  fc.assert(
    fc.property(
      fc.array(someSet, { maxLength: 3 }),
      fc.array(someSet, { maxLength: 2 }),
      somePath,
      (sets, without, path) => {
        const any = (list: readonly Said[]) => list.some((set) => takes([set], path));
        const all = [...sets, ...without.map((set) => ({ ...set, exclusionary: true }))];
        expect(takes(all, path)).toBe(any(sets) && !any(without));
      },
    ),
    { numRuns: 1000 },
  );
});
