import fc from "fast-check";
import { expect, test } from "vitest";
import { shown, shownText } from "./names.ts";

test.each([
  ["plain ünïcode 🎉.txt", "plain ünïcode 🎉.txt"],
  ["two\nlines", "two\\nlines"],
  ["\x1b[2Jgone", "\\e[2Jgone"],
  ["invoice\u202egpj.exe", "invoice\\u202egpj.exe"],
  ["bell\x07\x9b", "bell\\x07\\x9b"],
  ["half \ud800", "half \\ud800"],
])("%j is shown as %j", (name, expected) => {
  expect(shown(name)).toBe(expected);
});

test("bytes that are not UTF-8 are escaped, their neighbours are not", () => {
  expect(shown(Buffer.from("c3a4ff2e747874e282", "hex"))).toBe("ä\\xff.txt\\xe2\\x82");
});

test("sentences keep their lines", () => {
  expect(shownText("a\nb\x1b")).toBe("a\nb\\e");
});

test("no name whatever puts a control or direction mark on the screen", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array()), (name) => {
      expect(shown(name)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
