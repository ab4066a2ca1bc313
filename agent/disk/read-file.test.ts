import {
  appendFileSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { catalogPath } from "./disk-path.ts";
import { findOnDisk } from "./found.ts";
import { findExtents, hasChanged, openFile, readAt } from "./read-file.ts";

function seen(path: string) {
  const found = findOnDisk(catalogPath(path));
  if (!found) throw new Error(`${path} is missing`);
  return found;
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
};

test("a file is read up to the size it had when it was opened", () => {
  const path = join(tempFolder(), "file");
  writeFileSync(path, "0123456789");
  using file = openFile(seen(path));
  appendFileSync(path, "more");
  const buffer = Buffer.alloc(100);
  expect(readAt(file, buffer, 4)).toBe(6);
  expect(buffer.toString("utf8", 0, 6)).toBe("456789");
  expect(readAt(file, buffer, 10)).toBe(0);
});

test("a file that has become shorter gives fewer bytes and has changed", () => {
  const path = join(tempFolder(), "file");
  writeFileSync(path, "0123456789");
  using file = openFile(seen(path));
  expect(hasChanged(file)).toBe(false);
  truncateSync(path, 3);
  expect(readAt(file, Buffer.alloc(10), 0)).toBe(3);
  expect(hasChanged(file)).toBe(true);
});

test("a write that hides behind the old modification time is noticed", () => {
  const path = join(tempFolder(), "file");
  writeFileSync(path, "0123456789");
  const { atime, mtime } = statSync(path);
  using file = openFile(seen(path));
  writeFileSync(path, "9876543210");
  utimesSync(path, atime, mtime);
  expect(hasChanged(file)).toBe(true);
});

test("a file that was replaced, removed or turned into a symlink has vanished", () => {
  const folder = tempFolder();
  const path = join(folder, "file");
  const other = join(folder, "other");
  writeFileSync(path, "a");
  writeFileSync(other, "b");
  const before = seen(path);
  renameSync(other, path);
  expect(codeOf(() => openFile(before))).toBe("file/vanished");
  unlinkSync(path);
  expect(codeOf(() => openFile(before))).toBe("file/vanished");
  symlinkSync("/etc/hostname", path);
  expect(codeOf(() => openFile(before))).toBe("file/vanished");
});

test("reading leaves no trace in the access time", () => {
  const path = join(tempFolder(), "file");
  writeFileSync(path, "a");
  utimesSync(path, 1_000, 2_000);
  using file = openFile(seen(path));
  readAt(file, Buffer.alloc(1), 0);
  expect(statSync(path).atimeMs).toBe(1_000_000);
});

test.runIf(process.platform === "linux")("the extents of a sparse file are its data", () => {
  const path = join(tempFolder(), "file");
  const fd = openSync(path, "w");
  ftruncateSync(fd, 2 ** 40);
  writeSync(fd, Buffer.alloc(65_536, 1), 0, 65_536, 1_048_576);
  writeSync(fd, Buffer.alloc(65_536, 1), 0, 65_536, 2 ** 39);
  using file = openFile(seen(path));
  expect(findExtents(file, seen(path).blocks)).toEqual([
    { offset: 1_048_576, length: 65_536 },
    { offset: 2 ** 39, length: 65_536 },
  ]);
});

test("a file of holes has no extents, a plain one has one, an empty one has none", () => {
  const folder = tempFolder();
  for (const [name, content, size] of [
    ["hole", "", 1_048_576],
    ["plain", "abc", 3],
    ["empty", "", 0],
  ] as const) {
    const path = join(folder, name);
    writeFileSync(path, content);
    truncateSync(path, size);
    using file = openFile(seen(path));
    const wanted = name === "plain" ? [{ offset: 0, length: 3 }] : [];
    expect(findExtents(file, seen(path).blocks)).toEqual(wanted);
  }
});
