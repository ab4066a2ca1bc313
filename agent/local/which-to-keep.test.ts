import fc from "fast-check";
import { expect, test } from "vitest";
import { droppedByRule, type KeptCopy, retentionOf } from "./which-to-keep.ts";

const DAY_MS = 24 * 3600_000;
const daily = (days: number): KeptCopy[] =>
  Array.from({ length: days }, (_, at) => ({ sequence: at + 1, claimedAt: (20_000 + at) * DAY_MS, incomplete: false }));

test("three months keep all of the last week, and then a snapshot of each week", () => {
  const snapshots = daily(100);
  const dropped = new Set(droppedByRule(snapshots, retentionOf("3-months", "UTC")));
  const kept = snapshots.filter(({ sequence }) => !dropped.has(sequence)).map(({ sequence }) => sequence);
  expect(kept.slice(-8)).toEqual([93, 94, 95, 96, 97, 98, 99, 100]);
  expect(kept.length).toBeGreaterThanOrEqual(8 + 12);
  expect(kept.length).toBeLessThanOrEqual(8 + 14);
});

test("under numbers of one's own nothing stays but what they say", () => {
  const keep = { last: 3, hourly: 0, daily: 0, weekly: 0, monthly: 0, quarterly: 0, yearly: 0 };
  expect(droppedByRule(daily(6), retentionOf(keep, "UTC"))).toEqual([1, 2, 3]);
});

test("a clock that was wrong drops nothing: not when it was ahead, not when it is behind", () => {
  const keep = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, quarterly: 0, yearly: 0 };
  const ahead = daily(4).map((each) => (each.sequence === 2 ? { ...each, claimedAt: 40_000 * DAY_MS } : each));
  expect(droppedByRule(ahead, retentionOf(keep, "UTC"))).toEqual([1, 3]);
  const behind = daily(4).map((each) => (each.sequence === 4 ? { ...each, claimedAt: 0 } : each));
  expect(droppedByRule(behind, retentionOf(keep, "UTC"))).toEqual([]);
});

test("the newest by number always stays, and the newest whole one with it, whatever clocks and rules say", () => {
  const snapshot = fc.record({ claimedAt: fc.integer({ min: 0, max: 50 * DAY_MS }), incomplete: fc.boolean() });
  const number = fc.nat({ max: 2 });
  const numbers = fc.record({
    ...{
      last: number,
      hourly: number,
      daily: number,
      weekly: number,
      monthly: number,
      quarterly: number,
      yearly: number,
    },
  });
  fc.assert(
    fc.property(fc.array(snapshot, { minLength: 1, maxLength: 12 }), numbers, (found, keep) => {
      const snapshots = found.map((each, at) => ({ ...each, sequence: at + 1 }));
      const dropped = droppedByRule(snapshots, retentionOf(keep, "UTC"));
      expect(dropped).not.toContain(snapshots.length);
      const whole = snapshots.filter(({ incomplete }) => !incomplete);
      expect(whole.length === 0 || whole.some(({ sequence }) => !dropped.includes(sequence))).toBe(true);
    }),
  );
});
