/** Each call against the system's own tools: a wrong signature shows here or crashes here. */
import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { splitDevice } from "../read-metadata.ts";
import { platform } from "./platform.ts";

const run = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: "utf8" });
const isRoot = process.geteuid?.() === 0;
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

describe.runIf(process.platform === "linux")("Linux", () => {
  const { attributes, setTime, makeNode, renameNew, syncFileSystem } = platform;
  if (!attributes || !setTime || !makeNode || !renameNew || !syncFileSystem)
    throw new Error("node:ffi is not available");

  test("attributes are listed, read, set and removed", () => {
    const path = join(tempFolder(), "file");
    writeFileSync(path, "");
    run("setfattr", "-n", "user.one", "-v", "0x00ff00", path);
    const disk = Buffer.from(path);
    attributes.set(disk, Buffer.from("user.two"), Buffer.alloc(0), "link");
    attributes.set(disk, Buffer.from("user.three"), Buffer.alloc(3_000, 7), "link");
    expect(attributes.list(disk, "link").map(String).sort()).toEqual(["user.one", "user.three", "user.two"]);
    expect(attributes.find(disk, Buffer.from("user.one"))).toEqual(Buffer.from([0, 255, 0]));
    expect(attributes.find(disk, Buffer.from("user.two"))).toEqual(Buffer.alloc(0));
    expect(attributes.find(disk, Buffer.from("user.three"))).toEqual(Buffer.alloc(3_000, 7));
    attributes.remove(disk, Buffer.from("user.one"), "link");
    expect(attributes.find(disk, Buffer.from("user.one"))).toBeUndefined();
  });

  test("failures carry the system's code", () => {
    const missing = Buffer.from(join(tempFolder(), "missing"));
    expect(codeOf(() => attributes.list(missing, "link"))).toBe("ENOENT");
    expect(codeOf(() => attributes.find(missing, Buffer.from("user.x")))).toBe("ENOENT");
    expect(codeOf(() => setTime(missing, 0, 0, "link"))).toBe("ENOENT");
    expect(codeOf(() => makeNode(Buffer.from("/"), 0o010600, 0, 0))).toBe("EEXIST");
    expect(codeOf(() => syncFileSystem(-1))).toBe("EBADF");
    expect(
      codeOf(() => attributes.set(Buffer.from("/proc/self/status"), Buffer.from("user.x"), Buffer.from("x"), "link")),
    ).toMatch(/EOPNOTSUPP|ENOTSUP|EPERM|EACCES/);
  });

  test("a symlink is meant itself, an open file's path the file", () => {
    const folder = tempFolder();
    const [file, link] = [join(folder, "file"), join(folder, "link")];
    writeFileSync(file, "");
    symlinkSync("file", link);
    const before = statSync(file, { bigint: true }).mtimeNs;
    setTime(Buffer.from(link), -5, 123_456_789, "link");
    expect(lstatSync(link, { bigint: true }).mtimeNs).toBe(-4_876_543_211n);
    expect(statSync(file, { bigint: true }).mtimeNs).toBe(before);
    const fd = openSync(file, "r");
    setTime(Buffer.from(`/proc/self/fd/${fd}`), 9_000_000_000, 1, "target");
    expect(statSync(file, { bigint: true }).mtimeNs).toBe(9_000_000_000_000_000_001n);
    attributes.set(Buffer.from(`/proc/self/fd/${fd}`), Buffer.from("user.x"), Buffer.from("y"), "target");
    expect(attributes.find(Buffer.from(file), Buffer.from("user.x"))).toEqual(Buffer.from("y"));
    expect(attributes.list(Buffer.from(`/proc/self/fd/${fd}`), "target").map(String)).toEqual(["user.x"]);
  });

  test("the access time stays when the modification time is set", () => {
    const file = join(tempFolder(), "file");
    writeFileSync(file, "");
    const before = statSync(file, { bigint: true }).atimeNs;
    setTime(Buffer.from(file), 5, 6, "link");
    expect(statSync(file, { bigint: true }).atimeNs).toBe(before);
  });

  test.runIf(isRoot)("devices get their numbers, however large", () => {
    const folder = tempFolder();
    for (const [major, minor] of [
      [1, 3],
      [511, 1_000_000],
      [4_095, 255],
      [300, 256],
    ] as const) {
      const path = join(folder, `${major}-${minor}`);
      makeNode(Buffer.from(path), 0o020600, major, minor);
      expect(run("stat", "-c", "%Hr %Lr", path).stdout.trim()).toBe(`${major} ${minor}`);
      expect(splitDevice(lstatSync(path, { bigint: true }).rdev)).toEqual({ major, minor });
    }
  });

  test("a FIFO is made", () => {
    const path = join(tempFolder(), "fifo");
    makeNode(Buffer.from(path), 0o010600, 0, 0);
    expect(lstatSync(path).isFIFO()).toBe(true);
  });

  test("a rename replaces nothing", () => {
    const folder = tempFolder();
    const [a, b, c] = ["a", "b", "c"].map((name) => Buffer.from(join(folder, name))) as [Buffer, Buffer, Buffer];
    writeFileSync(a, "a");
    writeFileSync(b, "b");
    expect(codeOf(() => renameNew(a, b))).toBe("EEXIST");
    renameNew(a, c);
    expect([readFileSync(b, "utf8"), readFileSync(c, "utf8")]).toEqual(["b", "a"]);
  });

  test("a NUL in a name is refused instead of cutting the name short", () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "a"));
    expect(codeOf(() => setTime(Buffer.from(`${folder}/a\0b`), 0, 0, "link"))).toBe("bug/invariant");
  });
});
