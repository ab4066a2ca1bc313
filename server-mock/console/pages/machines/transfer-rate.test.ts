import { expect, test } from "vitest";
import { rateOf, type Sample, withSample } from "./transfer-rate.ts";

const after = (...samples: readonly (readonly [bytes: number, atMs: number])[]): readonly Sample[] =>
  samples.reduce<readonly Sample[]>((kept, [bytes, atMs]) => withSample(kept, { bytes, atMs }), []);

test("the rate is what was sent over the time that it took", () => {
  expect(rateOf(after([0, 0], [2_000_000, 2000], [6_000_000, 4000]))).toBe(1_500_000);
});

test("one sample says nothing yet, and neither do two at the same moment", () => {
  expect(rateOf(after([5, 100]))).toBeUndefined();
  expect(rateOf(after([5, 100], [6, 101]))).toBeUndefined();
});

test("nothing sent is a rate of zero", () => {
  expect(rateOf(after([5, 0], [5, 2000]))).toBe(0);
});

test("what is long ago does not count any more", () => {
  expect(rateOf(after([0, 0], [1_000_000, 1000], [1_000_000, 30_000], [1_000_000, 32_000]))).toBe(0);
});

test("another run begins anew", () => {
  expect(rateOf(after([9_000_000, 0], [1000, 2000], [3000, 4000]))).toBe(1000);
});
