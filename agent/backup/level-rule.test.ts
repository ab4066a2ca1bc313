import fc from "fast-check";
import { expect, test } from "vitest";
import { type Level, nextLevel, type PackTimes, startLevel } from "./level-rule.ts";

const after = (packs: readonly PackTimes[], start = startLevel(2)): Level => packs.reduce(nextLevel, start);
const waiting: PackTimes = { waitedMs: 700, filledMs: 300 };
const working: PackTimes = { waitedMs: 0, filledMs: 100 };
const between: PackTimes = { waitedMs: 35, filledMs: 65 };
const times = (count: number, pack: PackTimes) => Array.from({ length: count }, () => pack);

test("while packs wait for the network the level rises, to 6 and no further", () => {
  expect(after(times(1, waiting)).level).toBe(3);
  expect(after(times(2, waiting)).level).toBe(4);
  expect(after(times(100, waiting)).level).toBe(6);
  expect(after(times(2, { waitedMs: 2000, filledMs: 100 })).level).toBe(6);
});

test("when the processor is what is waited for, the level falls back to its base and no further", () => {
  const high = after(times(8, waiting));
  expect(after(times(2, working), high).level).toBe(5);
  expect(after(times(100, working), high).level).toBe(2);
});

test("a level that fits stays, and one pack that hardly waited changes nothing", () => {
  const four = after(times(2, waiting));
  expect(four.level).toBe(4);
  expect(after(times(50, between), four).level).toBe(4);
  expect(after([between, working, between, working, between], four).level).toBe(4);
});

test("short waits, as for a service on the same machine, raise nothing", () => {
  expect(after(times(50, { waitedMs: 200, filledMs: 20 })).level).toBe(2);
});

test("a base above the highest level of the rule is kept", () => {
  expect(after(times(20, waiting), startLevel(12)).level).toBe(12);
  expect(after(times(20, working), startLevel(12)).level).toBe(12);
});

test("the level is always between its base and the highest, and moves by two at most", () => {
  const pack = fc.record({
    waitedMs: fc.integer({ min: 0, max: 10_000 }),
    filledMs: fc.integer({ min: 0, max: 10_000 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 19 }), fc.array(pack, { maxLength: 60 }), (base, packs) => {
      let level = startLevel(base);
      for (const each of packs) {
        const next = nextLevel(level, each);
        expect(Math.abs(next.level - level.level)).toBeLessThanOrEqual(2);
        expect(next.level).toBeGreaterThanOrEqual(base);
        expect(next.level).toBeLessThanOrEqual(Math.max(6, base));
        level = next;
      }
    }),
  );
});
