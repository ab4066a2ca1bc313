import fc from "fast-check";
import { expect, test } from "vitest";
import { padmeLength } from "./padme.ts";

const anyLength = fc.integer({ min: 0, max: 8_000_000 });

test("padding never shortens, and costs an eighth at most", () => {
  fc.assert(
    fc.property(anyLength, (length) => {
      const padded = padmeLength(length);
      expect(padded).toBeGreaterThanOrEqual(length);
      expect(padded - length).toBeLessThanOrEqual(length / 8);
    }),
  );
});

test("a padded length stays as it is, and longer is never padded to less", () => {
  fc.assert(
    fc.property(anyLength, (length) => {
      expect(padmeLength(padmeLength(length))).toBe(padmeLength(length));
      expect(padmeLength(length + 1)).toBeGreaterThanOrEqual(padmeLength(length));
    }),
  );
});

test("of a hundred thousand lengths near 1 MiB hardly any can be told apart", () => {
  const padded = new Set<number>();
  for (let length = 1_000_000; length < 1_100_000; length++) padded.add(padmeLength(length));
  expect(padded.size).toBeLessThan(10);
});
