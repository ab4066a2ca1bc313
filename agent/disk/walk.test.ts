import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fill } from "../../test/support/fill.ts";
import { makeTree } from "../../test/support/make-tree.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { comparePaths } from "../model/path-order.ts";
import { catalogPath, diskPath } from "./disk-path.ts";
import { configuredRules } from "./ignore-rules.ts";
import { type WalkOptions, walk } from "./walk.ts";

/** Paths below `folder`, and `!code path` for each problem at the end. */
function look(folder: string, options: Partial<WalkOptions> = {}): string[] {
  const problems: string[] = [];
  const cut = (path: Buffer) => path.toString().replace(`${folder.slice(1)}/`, "");
  const roots = options.roots ?? [catalogPath(folder)];
  const found = [
    ...walk({ roots, onProblem: ({ path, error }) => problems.push(`!${error.code} ${cut(path)}`), ...options }),
  ];
  return [...found.map(({ path }) => cut(path)).filter((path) => !folder.startsWith(`/${path}`)), ...problems];
}

test("everything is found once, in catalog order, with the folders above the root first", () => {
  const folder = tempFolder();
  makeTree(join(folder, "tree"));
  const found = [...walk({ roots: [catalogPath(folder)], onProblem: (problem) => expect(problem).toBeUndefined() })];
  expect(found[0]?.path.toString()).toBe(folder.split("/")[1]);
  expect(found.length).toBeGreaterThan(440);
  for (const [index, { path }] of found.entries()) {
    const before = found[index - 1];
    if (before) expect(comparePaths(before.path, path)).toBeLessThan(0);
  }
  expect(found.some(({ path }) => path.length > 6_000)).toBe(true);
});

test("any names come in catalog order", () => {
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x2e : byte))))
    .filter((bytes) => !["", ".", "..", ".holdfastignore"].includes(bytes.toString("latin1")));
  const folder = tempFolder();
  let round = 0;
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 20, selector: (bytes) => bytes.toString("latin1") }), (names) => {
      const here = join(folder, String(round++));
      mkdirSync(here);
      for (const each of names) writeFileSync(Buffer.concat([Buffer.from(`${here}/`), each]), "");
      const found = [...walk({ roots: [catalogPath(here)], onProblem: () => {} })].slice(-names.length || Infinity);
      const wanted = [...names].sort(comparePaths).map((each) => each.toString("latin1"));
      expect(found.map(({ path }) => path.subarray(catalogPath(here).length + 1).toString("latin1"))).toEqual(wanted);
    }),
    { numRuns: 30 },
  );
});

test("nested, repeated and neighbouring roots are merged", () => {
  const folder = tempFolder();
  fill(folder, ["a/b/c", "a/d", "e/f", "e/g/h", "i"]);
  const roots = ["e/g", "a", "a/b", "a", "i"].map((root) => catalogPath(join(folder, root)));
  expect(look(folder, { roots })).toEqual(["a", "a/b", "a/b/c", "a/d", "e", "e/g", "e/g/h", "i"]);
});

test("symlinks are found and not followed, a root that is one included", () => {
  const folder = tempFolder();
  fill(folder, ["real/file"]);
  symlinkSync("real", join(folder, "link"));
  expect(look(folder)).toEqual(["link", "real", "real/file"]);
  expect(look(folder, { roots: [catalogPath(join(folder, "link"))] })).toEqual(["link", "!root/missing link"]);
});

test("symlinks on the way to a root are resolved", () => {
  const folder = tempFolder();
  fill(folder, ["real/inside/file"]);
  symlinkSync("real", join(folder, "link"));
  const roots = [catalogPath(join(folder, "link/inside"))];
  expect(look(folder, { roots })).toEqual(["real", "real/inside", "real/inside/file"]);
});

test("a missing root is a problem, and the others are walked", () => {
  const folder = tempFolder();
  fill(folder, ["b/c"]);
  const roots = ["a", "b", "c/d"].map((root) => catalogPath(join(folder, root)));
  expect(look(folder, { roots }).sort()).toEqual(["!root/missing a", "!root/missing c/d", "b", "b/c"]);
});

test("a folder that can't be listed is found, reported, and the walk goes on", () => {
  const folder = tempFolder();
  fill(folder, ["a/secret", "b/file"]);
  chmodSync(folder, 0o755);
  chmodSync(join(folder, "a"), 0);
  asNobody(() => expect(look(folder)).toEqual(["a", "b", "b/file", "!file/unreadable a"]));
});

test("what vanishes during the walk is reported", () => {
  const folder = tempFolder();
  fill(folder, ["a", "b", "c/d"]);
  const problems: string[] = [];
  const found: string[] = [];
  const onProblem: WalkOptions["onProblem"] = ({ error }) => problems.push(error.code);
  for (const { path } of walk({ roots: [catalogPath(folder)], onProblem })) {
    const name = path.subarray(folder.length).toString();
    if (name === "a") renameSync(join(folder, "b"), join(folder, "moved"));
    if (name === "c") renameSync(join(folder, "c"), join(folder, "moved too"));
    found.push(name);
  }
  expect(found.slice(-2)).toEqual(["a", "c"]);
  expect(problems).toEqual(["file/vanished", "file/vanished"]);
});

test("rule files apply to their folder, configured patterns to all, roots are found all the same", () => {
  const folder = tempFolder();
  fill(folder, ["a/keep.log", "a/x.log", "a/b/y.log", "a/node_modules/z", "c/x.log", "c/skip.me", "c/deep/root.log/f"]);
  writeFileSync(join(folder, "a/.holdfastignore"), "# logs\n*.log\n!keep.log\n");
  writeFileSync(join(folder, "c/.holdfastignore"), "deep\n");
  const options = { configured: configuredRules(["node_modules/", "*.me"], "settings") };
  expect(look(folder, options)).toEqual([
    "a",
    "a/.holdfastignore",
    "a/b",
    "a/keep.log",
    "c",
    "c/.holdfastignore",
    "c/x.log",
  ]);
  const roots = [catalogPath(join(folder, "c")), catalogPath(join(folder, "c/deep/root.log"))];
  expect(look(folder, { ...options, roots })).toEqual([
    ...["c", "c/.holdfastignore", "c/deep", "c/deep/root.log", "c/deep/root.log/f", "c/x.log"],
  ]);
});

test("Holdfast's own folder is left out", () => {
  const folder = tempFolder();
  fill(folder, ["a/b", "data/state"]);
  expect(look(folder, { leftOut: [catalogPath(join(folder, "data"))] })).toEqual(["a", "a/b"]);
});

test.runIf(process.platform === "linux")("virtual file systems are found and never entered", () => {
  const problems: string[] = [];
  const onProblem: WalkOptions["onProblem"] = ({ error }) => problems.push(error.code);
  const roots = ["proc", "sys/kernel"].map((name) => Buffer.from(name));
  const found = [...walk({ roots, onProblem })].map(({ path }) => path.toString());
  expect(found).toEqual(["proc", "sys", "sys/kernel"]);
  expect(problems).toEqual(["root/missing", "root/missing"]);
});

test.runIf(process.platform === "linux")("other file systems are entered unless the user says otherwise", () => {
  const folder = tempFolder();
  fill(folder, ["a/hidden", "b"]);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "holdfast-test", join(folder, "a")]).status === 0;
  if (!mounted) return; // Only the administrator may, and not in every container.
  try {
    fill(folder, ["a/c"]);
    expect(look(folder)).toEqual(["a", "a/c", "b"]);
    expect(look(folder, { oneFileSystem: true })).toEqual(["a", "b"]);
    expect(look(folder, { oneFileSystem: true, roots: [catalogPath(join(folder, "a"))] })).toEqual(["a", "a/c"]);
  } finally {
    spawnSync("umount", [join(folder, "a")]);
  }
});

test.runIf(process.platform === "linux")("a deep path can be opened by others", () => {
  const folder = tempFolder();
  makeTree(join(folder, "tree"));
  const found = [...walk({ roots: [catalogPath(folder)], onProblem: () => {} })];
  const deepest = found.reduce((one, other) => (other.path.length > one.path.length ? other : one));
  const at = diskPath(deepest.path);
  expect(at.path.length).toBeLessThan(4_096);
  at.release();
});

/** Root reads everything. */
function asNobody(work: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
