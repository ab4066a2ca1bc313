import { expect, test } from "vitest";
import { crumbsOf, folderOf, isBelow, readable, spell } from "./spelled-path.ts";

test("a path is cut into folders that can be opened one by one", () => {
  expect(crumbsOf("/home/100%25/a b")).toEqual([
    { name: "home", path: "/home" },
    { name: "100%", path: "/home/100%25" },
    { name: "a b", path: "/home/100%25/a b" },
  ]);
  expect(crumbsOf("/")).toEqual([]);
});

test("the way up ends at the root", () => {
  expect(["/home/ann", "/home", "/"].map(folderOf)).toEqual(["/home", "/", "/"]);
});

test("a folder whose name only begins alike is not below", () => {
  expect(isBelow("/home/ann", "/home")).toBe(true);
  expect(isBelow("/homes", "/home")).toBe(false);
  expect(isBelow("/home", "/home")).toBe(false);
  expect(isBelow("/home", "/")).toBe(true);
  expect(isBelow("/", "/")).toBe(false);
});

test("what is typed names the path that is read", () => {
  for (const typed of ["/home/100%", "/a%FF", "/"]) expect(readable(spell(typed))).toBe(typed);
  expect(spell(" /home/ann// ")).toBe("/home/ann");
  expect(spell("//")).toBe("/");
});
