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

test("any shallow JSON is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
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
