import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./json-body.ts";

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

test("32 levels are read, 33 are refused", () => {
  expect(parseJson(nested(32))).toEqual(JSON.parse(nested(32)));
  expect(() => parseJson(nested(33))).toThrow(expect.objectContaining({ code: "request/malformed" }));
});

test("brackets within strings don't nest", () => {
  const text = JSON.stringify({ a: `\\"${"[{".repeat(50)}`, b: ['"', "\\", '\\"'] });
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test("NUL in a text is refused; a text that shows its escape is not", () => {
  for (const text of ["\0", "a\0b", "\\\0"])
    expect(() => parseJson(JSON.stringify({ [text]: text }))).toThrow(
      expect.objectContaining({ code: "request/malformed" }),
    );
  for (const text of ["\\u0000", "\\\\u0000", "u0000"]) expect(parseJson(JSON.stringify(text))).toBe(text);
});

test("half a character becomes the sign for one that can't be read; whole ones stay", () => {
  const text = '{"a\\ud800":["\\udc00\\ud83d\\ude00",{"b":"\\uD83D\\uDE00"},null,1]}';
  expect(parseJson(text)).toEqual({ "a\ufffd": ["\ufffd\u{1f600}", { b: "\u{1f600}" }, null, 1] });
});

test("any shallow JSON is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
      fc.pre(!text.includes("\\u0000"));
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("what is no JSON is refused, never crashes", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseJson(text);
      } catch (error) {
        expect(error).toMatchObject({ code: "request/malformed" });
      }
    }),
  );
});
