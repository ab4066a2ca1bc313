import fc from "fast-check";
import { expect, test } from "vitest";
import { NameMatcher } from "./name-matcher.ts";

const latin1 = (name: string) => Buffer.from(name).toString("latin1");

test.each([
  ["*.iso", "disk.iso", true],
  ["*.iso", "disk.ISO", false],
  ["*.iso", ".iso", true],
  ["node_modules", "node_modules", true],
  ["node_modules", "node_modules2", false],
  ["a?c", "abc", true],
  ["a?c", "aüc", true],
  ["a?c", "a🜚c", true],
  ["a?c", "ac", false],
  ["über*", "überall", true],
  ["[a]", "a", false],
  ["[a]", "[a]", true],
  ["a.c", "abc", false],
  ["*a*b*", "xxaxxbxx", true],
  ["*a*b*", "xxbxxaxx", false],
  ["*", "", true],
  ["?", "", false],
])("%s against %s: %s", (pattern, name, isMatch) => {
  const matcher = new NameMatcher([pattern], "exact");
  expect(matcher.find(latin1(name))).toBe(isMatch ? pattern : undefined);
});

test("where the file system takes upper and lower case for the same, so do patterns, and an accent is the same either way", () => {
  const matcher = new NameMatcher(["Ü*.ISO", "Thumbs.db"], "folded");
  expect(matcher.find(latin1("u\u0308ber.iso"))).toBe("Ü*.ISO");
  expect(matcher.find("THUMBS.DB")).toBe("Thumbs.db");
});

test("names that are not UTF-8 are matched byte by byte", () => {
  expect(new NameMatcher(["a?.bak"], "exact").find("a\xff.bak")).toBe("a?.bak");
});

test("patterns say what a regular expression says", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "?", "*"), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
  fc.assert(
    fc.property(text, name, (pattern, given) => {
      const same = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
      expect(new NameMatcher([pattern], "exact").find(given) !== undefined).toBe(same.test(given));
    }),
  );
});

test("a pattern of many stars is answered at once", () => {
  const matcher = new NameMatcher([`${"*a".repeat(120)}*b`], "exact");
  expect(matcher.find("a".repeat(255))).toBeUndefined();
});
