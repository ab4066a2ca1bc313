import { matchesGlob } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { namePattern } from "./name-pattern.ts";

test.each([
  ["report", "home/My Report.txt", true],
  ["report", "report/other.txt", false],
  ["a/b", "home/a/bc", true],
  ["*.txt", "home/x.TXT", true],
  ["*.txt", "home/x.txt.bak", false],
  ["x?.log", "a/x1.log", true],
  ["x?.log", "a/x.log", false],
  ["[a-c]*", "z/beta", true],
  ["[!a-c]*", "z/beta", false],
  ["home/*/x", "home/a/x", true],
  ["/home/*/x", "home/a/x", true],
  ["home/*/x", "home/a/b/x", false],
  ["home/**/x", "home/a/b/x", true],
  ["home/**/x", "home/x", true],
  ["a.b*", "aXb", false],
  ["[", "a[b", false],
  ["*[*", "a[b", true],
  ["*😀*", "x/a😀b", true],
])("%j in %j: %j", (pattern, path, expected) => {
  expect(namePattern(pattern)(Buffer.from(path))).toBe(expected);
});

test("no pattern is refused, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (pattern, path) => {
      expect(typeof namePattern(pattern)(Buffer.from(path))).toBe("boolean");
    }),
  );
});

test("simple globs mean what they mean to Node", () => {
  const glob = fc.stringMatching(/^[ab?*]{1,6}$/).filter((each) => /[*?]/.test(each) && !each.includes("**"));
  fc.assert(
    fc.property(glob, fc.stringMatching(/^[ab]{1,6}$/), (pattern, name) => {
      expect(namePattern(pattern)(Buffer.from(name))).toBe(matchesGlob(name, pattern));
    }),
    { numRuns: 1000 },
  );
});

test("a pattern that was made to take for ever takes no time", () => {
  const isMatch = namePattern(`${"*a".repeat(30)}*b`);
  expect(isMatch(Buffer.from(`x/${"a".repeat(255)}`))).toBe(false);
  expect(isMatch(Buffer.from(`x/${"a".repeat(254)}b`))).toBe(true);
});

test("what follows stars is found wherever it is, within folders and across them", () => {
  const glob = fc.stringMatching(/^(?:[ab?/]|\*{1,2}|\*\*\/){1,8}$/).filter((each) => /[*?]/.test(each));
  fc.assert(
    fc.property(glob, fc.stringMatching(/^[ab](?:[ab/]{0,8}[ab])?$/), (pattern, path) => {
      const plain = pattern.replace(/^\/+/, "");
      const source = plain.replace(/\*\*\/|\*\*|\*|\?/g, (each) => SOURCES[each] ?? "");
      const text = pattern.includes("/") ? path : path.slice(path.lastIndexOf("/") + 1);
      expect(namePattern(pattern)(Buffer.from(path))).toBe(new RegExp(`^${source}$`, "s").test(text));
    }),
    { numRuns: 2000 },
  );
});

const SOURCES: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };
