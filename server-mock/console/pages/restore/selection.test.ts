import { expect, test } from "vitest";
import { isCovered, isSelected, partsOf, type Selected, totalsOf, withoutSelected, withSelected } from "./selection.ts";

const file = (path: string, snapshot = 1): Selected => ({ snapshot, path, name: path, kind: "file", bytes: 10 });
const folder = (path: string, snapshot = 1): Selected => ({ snapshot, path, name: path, kind: "folder", bytes: null });

test("a folder takes the place of what was selected in it, of the same snapshot only", () => {
  const before = [file("/a/x"), file("/a/x", 2), file("/ab")];
  const after = withSelected(before, folder("/a"));
  expect(after.map(({ path, snapshot }) => [path, snapshot])).toEqual([
    ["/a/x", 2],
    ["/ab", 1],
    ["/a", 1],
  ]);
  expect(isCovered(after, { snapshot: 1, path: "/a/deep/y" })).toBe(true);
  expect(isCovered(after, { snapshot: 2, path: "/a/deep/y" })).toBe(false);
  expect(isCovered(after, { snapshot: 1, path: "/a" })).toBe(false);
});

test("selecting twice selects once; another version of the same file is another", () => {
  const both = withSelected(withSelected(withSelected([], file("/a")), file("/a", 2)), file("/a"));
  expect(both).toHaveLength(2);
  expect(withoutSelected(both, { snapshot: 1, path: "/a" })).toEqual([file("/a", 2)]);
  expect(isSelected(both, { snapshot: 3, path: "/a" })).toBe(false);
});

test("an archive takes each path from its own snapshot; sizes of folders are not known here", () => {
  const selection = [file("/a"), folder("/b"), file("/c", 2)];
  expect(partsOf(selection)).toEqual([
    { snapshot: 1, paths: ["/a", "/b"] },
    { snapshot: 2, paths: ["/c"] },
  ]);
  expect(totalsOf(selection)).toEqual({ files: 2, folders: 1, bytes: 20 });
});
