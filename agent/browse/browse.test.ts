import fc from "fast-check";
import { expect, test } from "vitest";
import { type EntryToStore, fileEntry, folderEntry, symlinkEntry } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { type Change, type DiffOptions, diff } from "./diff.ts";
import { find } from "./find.ts";
import { listFolder } from "./list-folder.ts";
import { versions } from "./versions.ts";

async function memoryOf(...snapshots: (readonly EntryToStore[])[]) {
  const memory = new MemoryVault();
  for (const entries of snapshots) await memory.addSnapshot(entries);
  return memory;
}

/** With a time that follows from its content. */
const timed = (path: string, content: string) =>
  fileEntry(path, content, { mtimeSeconds: content.charCodeAt(0) * 1000 });

const tree = [
  folderEntry("home"),
  folderEntry("home/a"),
  fileEntry("home/a/Report 2026.txt", "one"),
  folderEntry("home/a/deep"),
  fileEntry("home/a/deep/x.log", "x"),
  symlinkEntry("home/link", "a"),
];

test("a folder is listed by level or whole, with or without a slash in front, and a file lists itself", async () => {
  await using vault = (await memoryOf(tree)).open();
  const snapshot = await vault.openSnapshot(1);
  const listed = async (path: string, recursive = false) =>
    (await Array.fromAsync(listFolder(snapshot, path, { recursive }))).map((entry) => entry.path.toString());
  expect(await listed("/")).toEqual(["home"]);
  expect(await listed("/home/")).toEqual(["home/a", "home/link"]);
  expect(await listed("home/a")).toEqual(["home/a/Report 2026.txt", "home/a/deep"]);
  expect(await listed("/home/a", true)).toEqual(["home/a/Report 2026.txt", "home/a/deep", "home/a/deep/x.log"]);
  expect(await listed("", true)).toHaveLength(6);
  expect(await listed("home/link")).toEqual(["home/link"]);
  await expect(listed("home/b")).rejects.toMatchObject({ code: "restore/no-match" });
});

test("names are found in one snapshot or in all, each state once", async () => {
  const later = tree.map((entry) =>
    entry.path.toString().endsWith("x.log") ? timed("home/a/deep/x.log", "y") : entry,
  );
  await using vault = (await memoryOf(tree, later, tree.slice(0, 2))).open();
  const found = async (pattern: string, allSnapshots: boolean) =>
    (await Array.fromAsync(find(vault, pattern, { allSnapshots }))).map(
      ({ entry, snapshot }) => `${snapshot} ${entry.path}`,
    );
  expect(await found("x.log", false)).toEqual([]);
  expect(await found("x.log", true)).toEqual(["2 home/a/deep/x.log", "1 home/a/deep/x.log"]);
  expect(await found("REPORT", true)).toEqual(["2 home/a/Report 2026.txt"]);
  expect(await found("home/**/*.log", true)).toHaveLength(2);
});

test("versions of a path are its distinct states, newest first, with when they were and when it went", async () => {
  const one = timed("f", "one");
  const two = timed("f", "two");
  await using vault = (await memoryOf([one], [one], [two], [], [one], [one], [])).open();
  const found = (await versions(vault, "/f")).map(({ first, last, deletedIn }) => [
    first.sequence,
    last.sequence,
    deletedIn?.sequence,
  ]);
  expect(found).toEqual([
    [5, 6, 7],
    [3, 3, 4],
    [1, 2, undefined],
  ]);
  expect(await versions(vault, "/g")).toEqual([]);
});

async function changes(a: readonly EntryToStore[], b: readonly EntryToStore[], options: DiffOptions = {}) {
  const memory = await memoryOf(a, b);
  await using vault = memory.open();
  const [before, after] = [await vault.openSnapshot(1), await vault.openSnapshot(2)];
  const ranges = memory.asked.ranges;
  const found: Change[] = await Array.fromAsync(diff(before, after, options));
  return { found: found.map(({ kind, path }) => `${kind} ${path}`), ranges: memory.asked.ranges - ranges };
}

test("a comparison tells what was added, removed, and changed in content or only in metadata", async () => {
  const after = [
    ...tree.slice(0, 2),
    timed("home/a/Report 2026.txt", "two"),
    folderEntry("home/a/deep", { mode: 0o700 }),
    fileEntry("home/new", "n"),
    symlinkEntry("home/link", "b"),
  ];
  const { found } = await changes(tree, after);
  expect(found).toEqual([
    "changed home/a/Report 2026.txt",
    "metadata home/a/deep",
    "removed home/a/deep/x.log",
    "changed home/link",
    "added home/new",
  ]);
  expect((await changes(tree, after, { paths: ["/home/a/deep"] })).found).toEqual([
    "metadata home/a/deep",
    "removed home/a/deep/x.log",
  ]);
});

test("comparing two nearly equal snapshots reads only what differs", async () => {
  const many = Array.from({ length: 20_000 }, (_, at) => fileEntry(`f${String(at).padStart(6, "0")}`, ""));
  const { found, ranges } = await changes(many, [
    ...many.slice(0, 9000),
    fileEntry("f008999x", "new"),
    ...many.slice(9000),
  ]);
  expect(found).toEqual(["added f008999x"]);
  expect(ranges).toBeLessThan(10);
  expect((await changes(many, many)).ranges).toBe(0);
});

test("a comparison agrees with comparing everything", async () => {
  const states = fc.array(fc.tuple(fc.nat(5000), fc.constantFrom("one", "two")), { maxLength: 3000, minLength: 0 });
  const entries = (state: [number, string][]) =>
    [...new Map(state)].map(([name, content]) => timed(`n${name}`, content));
  await fc.assert(
    fc.asyncProperty(states, states, async (a, b) => {
      const [before, after] = [new Map(a), new Map(b)];
      const expected = [
        ...[...after].filter(([name]) => !before.has(name)).map(([name]) => `added n${name}`),
        ...[...before].filter(([name]) => !after.has(name)).map(([name]) => `removed n${name}`),
        ...[...before].flatMap(([name, content]) =>
          after.has(name) && after.get(name) !== content ? [`changed n${name}`] : [],
        ),
      ];
      const { found } = await changes(entries(a), entries(b));
      expect(found.sort()).toEqual(expected.sort());
    }),
    { numRuns: 10 },
  );
});
