import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { copyTree } from "../../test/support/copy-tree.ts";
import { makeTree } from "../../test/support/make-tree.ts";
import { treeDifferences } from "../../test/support/same-tree.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { ownerNames } from "./owner-names.ts";
import { type Existing, type FileToPlace, Target } from "./place.ts";

const isRoot = process.geteuid?.() === 0;
const uid = process.geteuid?.() ?? 0;
const gid = process.getegid?.() ?? 0;

const METADATA = {
  mode: 0o640,
  owner: { uid, gid, user: "", group: "" },
  mtimeSeconds: 1_000_000_000,
  mtimeNanoseconds: 123,
  attributes: [],
} as const;
const FOLDER = { ...METADATA, type: "folder", mode: 0o750 } as const;
const fileOf = (content: string): FileToPlace => ({ ...METADATA, type: "file", sizeBytes: content.length });

function targetIn(folder: string, existing: Existing = "fail", problems: string[] = []): Target {
  const onProblem = ({ path, error }: { path: Buffer; error: Error }) => problems.push(`${path}: ${error.message}`);
  return new Target({
    folder,
    existing,
    owners: ownerNames({ etc: "/nonexistent", useDirectory: false }),
    random: systemRandom,
    onProblem,
  });
}

function put(target: Target, path: string, content: string): string {
  const part = target.file(Buffer.from(path), fileOf(content));
  part?.writeAt(Buffer.from(content), 0);
  const placed = part?.finish();
  return placed?.kind === "placed" ? placed.path.toString() : "kept";
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
};

test.runIf(process.platform === "linux")("a tree of everything comes back the same", () => {
  const folder = tempFolder();
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  expect(makeTree(from).leftOut).toEqual([]);
  const { problems } = copyTree(from, to);
  expect(problems).toEqual([]);
  expect(treeDifferences(from, to, { root: false })).toEqual([]);
});

test.runIf(process.platform === "linux")("a tree restored over itself is the same", () => {
  const folder = tempFolder();
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  makeTree(from);
  copyTree(from, to);
  spawnSync("sh", ["-c", "find . -type f -links 1 -size -100k -exec truncate -s 3 {} +; touch . modes links"], {
    cwd: to,
  });
  expect(copyTree(from, to, { existing: "overwrite" }).problems).toEqual([]);
  expect(treeDifferences(from, to, { root: false })).toEqual([]);
});

test("each policy for existing files does as it says", () => {
  const folder = tempFolder();
  const inTarget = (name: string) => readFileSync(join(folder, name), "utf8");
  writeFileSync(join(folder, "a.txt"), "old");
  expect(codeOf(() => put(targetIn(folder), "a.txt", "new"))).toBe("restore/exists");
  expect(put(targetIn(folder, "keep"), "a.txt", "new")).toBe("kept");
  expect(put(targetIn(folder, "rename"), "a.txt", "new")).toBe("a (restored 1).txt");
  expect(put(targetIn(folder, "rename"), "a.txt", "newer")).toBe("a (restored 2).txt");
  expect(inTarget("a.txt")).toBe("old");
  expect(put(targetIn(folder, "overwrite"), "a.txt", "newest")).toBe("a.txt");
  expect(["a.txt", "a (restored 1).txt", "a (restored 2).txt"].map(inTarget)).toEqual(["newest", "new", "newer"]);
  expect(readdirSync(folder)).toHaveLength(3);
});

test("a file that appears while another is restored is treated by the same policy", () => {
  for (const [existing, wanted] of [
    ["keep", "kept"],
    ["rename", "a (restored 1)"],
    ["fail", "restore/exists"],
    ["overwrite", "a"],
  ] as const) {
    const folder = tempFolder();
    const target = targetIn(folder, existing);
    const part = target.file(Buffer.from("a"), fileOf("new"));
    writeFileSync(join(folder, "a"), "old");
    part?.writeAt(Buffer.from("new"), 0);
    let result = "";
    const code = codeOf(() => {
      const placed = part?.finish();
      result = placed?.kind === "placed" ? placed.path.toString() : "kept";
    });
    expect(code || result).toBe(wanted);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe(existing === "overwrite" ? "new" : "old");
    expect(readdirSync(folder).filter((name) => name.startsWith(".holdfast"))).toEqual([]);
  }
});

test("a folder is never replaced, whatever the policy but keep and rename", () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "a/b"), { recursive: true });
  expect(codeOf(() => put(targetIn(folder, "overwrite"), "a", "new"))).toBe("restore/exists");
  expect(put(targetIn(folder, "keep"), "a", "new")).toBe("kept");
  expect(put(targetIn(folder, "rename"), "a", "new")).toBe("a (restored 1)");
  expect(existsSync(join(folder, "a/b"))).toBe(true);
});

test("paths that lead elsewhere are refused", () => {
  const folder = tempFolder();
  const target = targetIn(join(folder, "target"));
  for (const path of ["", "..", "../x", "a/../../x", "/x", "a//b", "a/", ".", "a/./b", "a\0b"]) {
    expect([path, codeOf(() => put(target, path, "x"))]).toEqual([path, "restore/unsafe"]);
    expect([path, codeOf(() => target.folder(Buffer.from(path), FOLDER))]).toEqual([path, "restore/unsafe"]);
    expect([
      path,
      codeOf(() => target.special(Buffer.from(path), { ...METADATA, type: "symlink", target: Buffer.from("x") })),
    ]).toEqual([path, "restore/unsafe"]);
  }
  expect(readdirSync(folder)).toEqual(["target"]);
  expect(readdirSync(join(folder, "target"))).toEqual([]);
});

test("nothing is written through a symlink in the target, restored or found there", () => {
  const folder = tempFolder();
  const [inside, outside] = [join(folder, "target"), join(folder, "outside")];
  mkdirSync(inside);
  mkdirSync(outside);
  symlinkSync(outside, join(inside, "found"));
  for (const existing of ["overwrite", "keep", "rename", "fail"] as const) {
    const target = targetIn(inside, existing);
    if (existing === "overwrite") {
      target.special(Buffer.from("restored"), { ...METADATA, type: "symlink", target: Buffer.from(outside) });
    }
    for (const name of ["found", "restored"]) {
      expect(codeOf(() => target.folder(Buffer.from(name), FOLDER))).toBe("restore/exists");
      expect(codeOf(() => put(target, `${name}/x`, "x"))).toBe("restore/exists");
      expect(codeOf(() => put(target, `${name}/deeper/x`, "x"))).toBe("restore/exists");
    }
    target.finishFolders();
  }
  writeFileSync(join(outside, "file"), "precious");
  symlinkSync(join(outside, "file"), join(inside, "link"));
  put(targetIn(inside, "overwrite"), "link", "new");
  expect(lstatSync(join(inside, "link")).isFile()).toBe(true);
  expect(readFileSync(join(outside, "file"), "utf8")).toBe("precious");
  expect(readdirSync(outside)).toEqual(["file"]);
});

test.runIf(process.platform === "linux")(
  "a folder that is swapped for a symlink during the restore leads nowhere else",
  () => {
    const folder = tempFolder();
    const [inside, outside] = [join(folder, "target"), join(folder, "outside")];
    mkdirSync(outside);
    const target = targetIn(inside);
    target.folder(Buffer.from("a"), FOLDER);
    const part = target.file(Buffer.from("a/file"), fileOf("x"));
    renameSync(join(inside, "a"), join(inside, "moved"));
    symlinkSync(outside, join(inside, "a"));
    part?.writeAt(Buffer.from("x"), 0);
    part?.finish();
    put(target, "a/second", "y");
    target.finishFolders();
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(join(inside, "moved")).sort()).toEqual(["file", "second"]);
  },
);

test("what is begun and not finished is private, has no real name, and is removed at the end", () => {
  const folder = tempFolder();
  {
    using target = targetIn(folder);
    target.folder(Buffer.from("a"), FOLDER);
    const part = target.file(Buffer.from("a/b"), fileOf("content"));
    part?.writeAt(Buffer.from("con"), 0);
    const [name = ""] = readdirSync(join(folder, "a"));
    expect(name).toMatch(/^\.holdfast-part-[0-9a-f]{16}$/);
    expect(statSync(join(folder, "a", name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o700);
  }
  expect(readdirSync(join(folder, "a"))).toEqual([]);
});

test("what a restore that was killed has left is removed by the next one; what a running one works on stays", () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "a"));
  const { pid: gone } = spawnSync("true");
  const name = (pid: number, number: number) => `.holdfast-part-${pid.toString(16).padStart(8, "0")}0000000${number}`;
  for (const place of ["", "a"]) {
    writeFileSync(join(folder, place, name(gone, 1)), "half");
    writeFileSync(join(folder, place, name(process.pid, 2)), "half");
    writeFileSync(join(folder, place, ".holdfast-part-of-somebody"), "not ours");
  }
  {
    using target = targetIn(folder);
    target.folder(Buffer.from("a"), FOLDER);
  }
  const kept = [".holdfast-part-of-somebody", name(process.pid, 2)].sort();
  expect(readdirSync(join(folder, "a")).sort()).toEqual(kept);
  expect(readdirSync(folder).sort()).toEqual([...kept, "a"].sort());
});

test("a folder that a killed restore has left private gets its metadata from the next one; others keep theirs", () => {
  const folder = tempFolder();
  {
    const killed = targetIn(folder);
    killed.folder(Buffer.from("left"), FOLDER);
  }
  mkdirSync(join(folder, "own"), { mode: 0o700 });
  using target = targetIn(folder);
  for (const name of ["left", "own"]) target.folder(Buffer.from(name), FOLDER);
  target.finishFolders();
  expect(statSync(join(folder, "left")).mode & 0o7777).toBe(FOLDER.mode);
  expect(statSync(join(folder, "own")).mode & 0o7777).toBe(0o700);
});

test("content beyond a file's size is refused, what is never written reads as zeros", () => {
  const folder = tempFolder();
  const target = targetIn(folder);
  const part = target.file(Buffer.from("a"), { ...fileOf(""), sizeBytes: 10 });
  expect(codeOf(() => part?.writeAt(Buffer.from("xy"), 9))).toBe("restore/failed-file");
  part?.writeAt(Buffer.from("mid"), 4);
  part?.finish({ durable: true });
  expect(readFileSync(join(folder, "a"), "latin1")).toBe("\0\0\0\0mid\0\0\0");
});

test("folders get their metadata when they are left, deepest first, read-only ones included", () => {
  const folder = tempFolder();
  const target = targetIn(folder);
  const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;
  for (const name of ["a", "a/b"]) target.folder(Buffer.from(name), { ...FOLDER, mode: 0o500 });
  put(target, "a/b/file", "x");
  target.finishFolders(Buffer.from("a/c"));
  expect([modeOf("a"), modeOf("a/b")]).toEqual([0o700, 0o500]);
  put(target, "a/c", "y");
  target.finishFolders();
  expect(modeOf("a")).toBe(0o500);
  expect(statSync(join(folder, "a"), { bigint: true }).mtimeNs).toBe(
    process.platform === "linux" ? 1_000_000_000_000_000_123n : 1_000_000_000_000_000_000n,
  );
});

test("an existing folder keeps its metadata unless it is to be overwritten", () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "a"), { mode: 0o711 });
  chmodSync(join(folder, "a"), 0o711);
  for (const [existing, mode] of [
    ["keep", 0o711],
    ["overwrite", 0o750],
  ] as const) {
    const target = targetIn(folder, existing);
    target.folder(Buffer.from("a"), FOLDER);
    target.finishFolders();
    expect(statSync(join(folder, "a")).mode & 0o777).toBe(mode);
  }
});

test("hard links join what this run restored, and nothing else", () => {
  const folder = tempFolder();
  const target = targetIn(folder, "rename");
  writeFileSync(join(folder, "first"), "not ours");
  const linkGroup = Buffer.from("12345678");
  expect(target.link(Buffer.from("first"), { linkGroup })).toBeUndefined();
  const part = target.file(Buffer.from("first"), { ...fileOf("ours"), linkGroup });
  part?.writeAt(Buffer.from("ours"), 0);
  part?.finish();
  expect(target.link(Buffer.from("second"), { linkGroup })?.kind).toBe("placed");
  expect(readFileSync(join(folder, "second"), "utf8")).toBe("ours");
  expect(statSync(join(folder, "second")).nlink).toBe(2);
  // The first name now leads to something else: better no link than a wrong one.
  renameSync(join(folder, "first"), join(folder, "first (restored 1)"));
  expect(target.link(Buffer.from("third"), { linkGroup })).toBeUndefined();
  expect(existsSync(join(folder, "third"))).toBe(false);
});

test("parents of a single file are made when they are missing", () => {
  const folder = tempFolder();
  expect(put(targetIn(folder), "a/b/c", "x")).toBe("a/b/c");
  expect(readFileSync(join(folder, "a/b/c"), "utf8")).toBe("x");
});

test("the target may be reached through a symlink, and is made when it is missing", () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "real"));
  symlinkSync("real", join(folder, "link"));
  put(targetIn(join(folder, "link/new")), "a", "x");
  expect(readFileSync(join(folder, "real/new/a"), "utf8")).toBe("x");
  expect(readlinkSync(join(folder, "link"))).toBe("real");
});

test.runIf(isRoot)("an ordinary user gets the content, and a report of what only the administrator may set", () => {
  const folder = tempFolder();
  chmodSync(folder, 0o777);
  process.seteuid?.(65_534);
  try {
    const problems: string[] = [];
    using target = targetIn(join(folder, "target"), "fail", problems);
    const attributes = [{ name: Buffer.from("security.capability"), value: Buffer.alloc(20) }];
    const entry: FileToPlace = {
      ...fileOf("x"),
      mode: 0o6755,
      owner: { uid: 1, gid: 1, user: "", group: "" },
      attributes,
    };
    const part = target.file(Buffer.from("a"), entry);
    part?.writeAt(Buffer.from("x"), 0);
    part?.finish();
    expect(problems.map((problem) => problem.replace(`${folder}/target/`, ""))).toEqual([
      "a: a: owner could not be read or set: not permitted.",
      "a: a: set-user-id and set-group-id bits could not be read or set: the owner could not be set.",
      "a: a: attribute security.capability could not be read or set: only the administrator may set it.",
    ]);
    expect(statSync(join(folder, "target/a")).mode & 0o7777).toBe(0o755);
    const device = { ...METADATA, type: "character-device", major: 1, minor: 3 } as const;
    expect(codeOf(() => target.special(Buffer.from("null"), device))).toBe("restore/failed-file");
    expect(readdirSync(join(folder, "target"))).toEqual(["a"]);
  } finally {
    process.seteuid?.(0);
  }
});

test.runIf(isRoot)("owners are found by name first, by number otherwise", () => {
  const folder = tempFolder();
  const etc = tempFolder();
  writeFileSync(join(etc, "passwd"), "ann:x:4321:1::/:/bin/sh\n");
  writeFileSync(join(etc, "group"), "staff:x:8765:\n");
  const owners = ownerNames({ etc, useDirectory: false });
  using target = new Target({ folder, existing: "fail", owners, random: systemRandom, onProblem: () => {} });
  for (const [path, user, group] of [
    ["named", "ann", "staff"],
    ["unknown", "bob", "sales"],
  ] as const) {
    target.file(Buffer.from(path), { ...fileOf(""), owner: { uid: 77, gid: 88, user, group } })?.finish();
  }
  const ownerOf = (name: string) => [statSync(join(folder, name)).uid, statSync(join(folder, name)).gid];
  expect([ownerOf("named"), ownerOf("unknown")]).toEqual([
    [4321, 8765],
    [77, 88],
  ]);
});

test("many folders deep and wide are restored with few handles", () => {
  const folder = tempFolder();
  const from = join(folder, "from");
  for (let index = 0; index < 300; index++) {
    mkdirSync(join(from, `${index % 10}/${index}/deep`), { recursive: true });
    writeFileSync(join(from, `${index % 10}/${index}/deep/file`), String(index));
  }
  using target = targetIn(join(folder, "to"));
  const before = openFiles();
  for (let index = 0; index < 300; index++) put(target, `${index % 10}/${index}/deep/file`, String(index));
  expect(openFiles() - before).toBeLessThanOrEqual(64);
  expect(
    treeDifferences(from, join(folder, "to"), { times: false, attributes: false, root: false }).filter(
      (line) => !line.includes("mode"),
    ),
  ).toEqual([]);
});

const openFiles = (): number => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);

test.each(["/proc/nobody/makes/this", "/dev/null", "file/below"])("%s as the target is refused at once", (name) => {
  const top = tempFolder();
  writeFileSync(join(top, "file"), "");
  const folder = name.startsWith("/") ? name : join(top, name);
  expect(() => targetIn(folder)).toThrow(expect.objectContaining({ code: "restore/target" }));
});

test("a target is made with the folders above it, also through a link", () => {
  const top = tempFolder();
  mkdirSync(join(top, "real"));
  symlinkSync("real", join(top, "link"));
  targetIn(join(top, "link", "a", "b"))[Symbol.dispose]();
  expect(statSync(join(top, "real", "a", "b")).isDirectory()).toBe(true);
});
