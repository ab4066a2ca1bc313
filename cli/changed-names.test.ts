import { expect, test } from "vitest";
import { parseChanged } from "./changed-names.ts";

const parsed = (text: string) =>
  parseChanged(Buffer.from(text, "latin1"), "/here").map(({ path, isDeep }) => [path.toString("latin1"), isDeep]);

test("names are separated by newlines, or by NULs if there is one", () => {
  expect(parsed("/a\n/b c\n\n/d")).toEqual([
    ["/a", false],
    ["/b c", false],
    ["/d", false],
  ]);
  expect(parsed("/a\nb\0/c\0")).toEqual([
    ["/a\nb", false],
    ["/c", false],
  ]);
  expect(parsed("")).toEqual([]);
});

test("a slash at the end means everything below, and relative names begin here", () => {
  expect(parsed("/a/\nb\n")).toEqual([
    ["/a/", true],
    ["/here/b", false],
  ]);
});

test("names that are not UTF-8 keep their bytes", () => {
  expect(parsed("/\xff\xfe")).toEqual([["/\xff\xfe", false]]);
});
