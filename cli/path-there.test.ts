import { resolve } from "node:path";
import { expect, test } from "vitest";
import { pathThere } from "./path-there.ts";

test.each([
  ["C:\\Users\\ann\\a b.txt", "/C/Users/ann/a b.txt"],
  ["d:/", "/d"],
  ["/home/ann/../bob", "/home/bob"],
  ["back\\slash", resolve("back\\slash")],
])("%j is %j in a history", (path, expected) => {
  expect(pathThere(path)).toBe(expected);
});
