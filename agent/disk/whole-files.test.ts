import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { treeDifferences } from "../../test/support/same-tree.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { ownerNames } from "./owner-names.ts";
import { type Existing, Target } from "./place.ts";
import { type WholeFile, WholeFiles } from "./whole-files.ts";

const isRoot = process.geteuid?.() === 0;
const uid = process.geteuid?.() ?? 0;
const gid = process.getegid?.() ?? 0;

function fileOf(path: string, content: Buffer, more: Partial<WholeFile> = {}): WholeFile {
  const slash = path.lastIndexOf("/");
  return {
    type: "file",
    folder: Buffer.from(path.slice(0, Math.max(0, slash))),
    name: Buffer.from(path.slice(slash + 1)),
    sizeBytes: content.length,
    position: 0,
    mode: 0o640,
    owner: { uid, gid, user: "", group: "" },
    mtimeSeconds: 1_000_000_000,
    mtimeNanoseconds: 123,
    attributes: [],
    ...more,
  };
}

function inTarget(folder: string, existing: Existing = "fail") {
  const onProblem = () => undefined;
  const target = new Target({
    folder,
    existing,
    owners: ownerNames({ etc: "/nonexistent", useDirectory: false }),
    useNumericOwners: true,
    random: systemRandom,
    onProblem,
  });
  return { target, files: new WholeFiles({ root: target.root, shown: folder, existing, random: systemRandom }) };
}

/** What it became, or the code of what was thrown. */
function place(files: WholeFiles, file: WholeFile, content: Buffer, problems: string[] = []): string {
  try {
    const placed = files.place(file, content, (error) => problems.push(String(error.data.what)));
    return placed.kind === "placed" ? placed.name.toString() : placed.kind;
  } catch (error) {
    return error instanceof HoldfastError ? error.code : String(error);
  }
}

/** Folders in which new files are not what they are elsewhere. */
const FOLDERS: Readonly<Record<string, (path: string) => void>> = {
  ordinary: () => undefined,
  "of another group": (path) => {
    if (isRoot) chownSync(path, 0, 1234);
    chmodSync(path, 0o2775);
  },
  "with an access list for new files": (path) => void spawnSync("setfacl", ["-d", "-m", "u:1:rwx,g::rwx,o::rwx", path]),
};

test("files placed here are what a target makes of them, whatever folder they come into", () => {
  const folder = tempFolder();
  const modes = [0o600, 0o644, 0o755, 0o777, 0o4755, 0o2750, 0o1644, 0o400, 0];
  const owners = isRoot ? [uid, 4321] : [uid];
  const attributes = [{ name: Buffer.from("user.colour"), value: Buffer.from("blue") }];
  for (const way of ["a", "b"]) {
    const { target, files } = inTarget(join(folder, way));
    for (const [name, prepare] of Object.entries(FOLDERS)) {
      mkdirSync(join(folder, way, name));
      prepare(join(folder, way, name));
      for (const mode of [...modes, ...modes])
        for (const owner of owners)
          for (const some of [[], attributes]) {
            const content = Buffer.from(`${mode} ${owner}`);
            const path = `${name}/${mode.toString(8)}-${owner}-${some.length}-${readdirSync(join(folder, way, name)).length}`;
            const more = { mode, owner: { uid: owner, gid: owner, user: "", group: "" }, attributes: some };
            const file = fileOf(path, content, more);
            if (way === "b") expect(place(files, file, content)).toBe(file.name.toString());
            else {
              const part = target.file(Buffer.from(path), file);
              part?.writeAt(content, 0);
              part?.finish();
            }
          }
    }
    files[Symbol.dispose]();
    target[Symbol.dispose]();
  }
  for (const way of ["a", "b"]) for (const name of Object.keys(FOLDERS)) utimesSync(join(folder, way, name), 1, 1);
  expect(treeDifferences(join(folder, "a"), join(folder, "b"), { root: false })).toEqual([]);
});

test("each policy for existing files does as it says", () => {
  for (const [existing, wanted, content] of [
    ["fail", "restore/exists", "old"],
    ["keep", "kept", "old"],
    ["rename", "a (restored 1).txt", "old"],
    ["overwrite", "a.txt", "new"],
  ] as const) {
    const folder = tempFolder();
    writeFileSync(join(folder, "a.txt"), "old");
    mkdirSync(join(folder, "b"));
    const { target, files } = inTarget(folder, existing);
    expect(place(files, fileOf("a.txt", Buffer.from("new")), Buffer.from("new"))).toBe(wanted);
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe(content);
    const overFolder = { fail: "restore/exists", keep: "kept", rename: "b (restored 1)", overwrite: "restore/exists" };
    expect(place(files, fileOf("b", Buffer.from("new")), Buffer.from("new"))).toBe(overFolder[existing]);
    expect(lstatSync(join(folder, "b")).isDirectory()).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith(".holdfast"))).toEqual([]);
    files[Symbol.dispose]();
    target[Symbol.dispose]();
  }
});

test("what is around the bytes is a hole, and bytes beyond the size are refused", () => {
  const folder = tempFolder();
  const { target, files } = inTarget(folder);
  const content = Buffer.from("middle");
  expect(place(files, fileOf("sparse", content, { sizeBytes: 5_000_000, position: 1_000_000 }), content)).toBe(
    "sparse",
  );
  const read = readFileSync(join(folder, "sparse"));
  expect(read.length).toBe(5_000_000);
  expect(read.subarray(1_000_000, 1_000_006).toString()).toBe("middle");
  expect(lstatSync(join(folder, "sparse")).blocks * 512).toBeLessThan(100_000);
  expect(place(files, fileOf("short", content, { sizeBytes: 3 }), content)).toBe("restore/failed-file");
  expect(readdirSync(folder)).toEqual(["sparse"]);
  files[Symbol.dispose]();
  target[Symbol.dispose]();
});

test.each(["..", ".", "a/../b", "", "x\0y"])("nothing is placed at %j", (path) => {
  const folder = tempFolder();
  const { target, files } = inTarget(join(folder, "target"));
  const content = Buffer.from("new");
  expect(place(files, fileOf(path, content), content)).toBe("restore/unsafe");
  expect(readdirSync(folder)).toEqual(["target"]);
  files[Symbol.dispose]();
  target[Symbol.dispose]();
});
