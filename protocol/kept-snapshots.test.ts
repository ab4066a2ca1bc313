import fc from "fast-check";
import { expect, test } from "vitest";
import { keptSnapshots, type Retention, type SnapshotToKeep } from "./kept-snapshots.ts";
import type { RetentionNumbers } from "./messages/retention.ts";

const NONE: RetentionNumbers = { last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, quarterly: 0, yearly: 0 };
const HOUR_MS = 3600 * 1000;

const retention = (numbers: Partial<RetentionNumbers>, more: Partial<Retention> = {}): Retention => ({
  numbers: { ...NONE, ...numbers },
  graceDays: 0,
  timeZone: "UTC",
  ...more,
});

const at = (sequence: number, date: string, more: Partial<SnapshotToKeep> = {}): SnapshotToKeep => ({
  sequence,
  receivedAt: Date.parse(date),
  isIncomplete: false,
  isPinned: false,
  ...more,
});

const sequences = (snapshots: readonly SnapshotToKeep[], wanted: Retention): number[] =>
  [...keptSnapshots(snapshots, wanted).keys()].sort((a, b) => a - b);

test("of each of the newest days that have a snapshot the last one is kept", () => {
  const snapshots = [
    at(1, "2026-11-01T10:00Z"),
    at(2, "2026-11-01T20:00Z"),
    at(3, "2026-11-09T10:00Z"),
    at(4, "2026-11-20T10:00Z"),
    at(5, "2026-11-20T11:00Z"),
  ];
  expect(sequences(snapshots, retention({ daily: 2 }))).toEqual([3, 5]);
  expect(sequences(snapshots, retention({ daily: 3 }))).toEqual([2, 3, 5]);
});

test("days are those of the organization's time zone", () => {
  const snapshots = [at(1, "2026-11-01T20:00Z"), at(2, "2026-11-01T23:30Z"), at(3, "2026-11-02T10:00Z")];
  expect(sequences(snapshots, retention({ daily: 9 }))).toEqual([2, 3]);
  expect(sequences(snapshots, retention({ daily: 9 }, { timeZone: "Europe/Berlin" }))).toEqual([1, 3]);
});

test("weeks are those of the calendar, also over the turn of a year", () => {
  const snapshots = [
    at(1, "2026-12-28T10:00Z"),
    at(2, "2026-12-31T10:00Z"),
    at(3, "2027-01-03T10:00Z"),
    at(4, "2027-01-04T10:00Z"),
  ];
  expect(sequences(snapshots, retention({ weekly: 5 }))).toEqual([3, 4]);
});

test("a complete snapshot stands for its period although an incomplete one is newer", () => {
  const snapshots = [
    at(1, "2026-10-05T10:00Z"),
    at(2, "2026-10-06T10:00Z", { isIncomplete: true }),
    at(3, "2026-11-01T10:00Z", { isIncomplete: true }),
    at(4, "2026-11-02T10:00Z"),
  ];
  expect(sequences(snapshots, retention({ monthly: 2 }))).toEqual([1, 4]);
  expect(sequences(snapshots.slice(1), retention({ monthly: 2 }))).toEqual([2, 4]);
});

test("the newest stays under any policy, and with it the newest complete one", () => {
  const snapshots = [at(1, "2026-10-05T10:00Z"), at(2, "2026-11-06T10:00Z", { isIncomplete: true })];
  expect(sequences(snapshots, retention({}))).toEqual([1, 2]);
  expect(keptSnapshots([], retention({})).size).toBe(0);
});

test("grace keeps all of the newest days, counted from the newest snapshot", () => {
  const snapshots = [
    at(1, "2026-10-01T10:00Z"),
    at(2, "2026-10-20T10:00Z"),
    at(3, "2026-10-25T10:00Z"),
    at(4, "2026-10-25T11:00Z"),
  ];
  expect(sequences(snapshots, retention({}, { graceDays: 7 }))).toEqual([2, 3, 4]);
});

test("reasons are told", () => {
  const snapshots = [at(1, "2026-10-01T10:00Z", { isPinned: true }), at(2, "2026-10-20T10:00Z")];
  expect(keptSnapshots(snapshots, retention({ last: 1, daily: 1 }))).toEqual(
    new Map([
      [2, ["newest", "last", "daily"]],
      [1, ["pinned"]],
    ]),
  );
});

const history = fc
  .array(fc.record({ hours: fc.integer({ min: 1, max: 2000 }), isIncomplete: fc.boolean(), isPinned: fc.boolean() }), {
    maxLength: 40,
  })
  .map((steps) => {
    let receivedAt = Date.parse("2020-01-01T00:00Z");
    return steps.map(({ hours, ...more }, index) => {
      receivedAt += hours * HOUR_MS;
      return { sequence: index + 1, receivedAt, ...more };
    });
  });
const count = fc.integer({ min: 0, max: 6 });
const policy = fc
  .record({ last: count, hourly: count, daily: count, weekly: count, monthly: count, quarterly: count, yearly: count })
  .chain((numbers) =>
    fc.record({
      numbers: fc.constant(numbers),
      graceDays: fc.integer({ min: 0, max: 40 }),
      timeZone: fc.constantFrom("UTC", "America/New_York", "Asia/Kathmandu"),
    }),
  );

test("the newest, the pinned and the graced are always kept", () => {
  fc.assert(
    fc.property(history, policy, (snapshots, wanted) => {
      const kept = keptSnapshots(snapshots, wanted);
      const newest = snapshots.at(-1);
      for (const snapshot of snapshots) {
        const isGraced =
          wanted.graceDays > 0 &&
          newest !== undefined &&
          newest.receivedAt - snapshot.receivedAt <= wanted.graceDays * 24 * HOUR_MS;
        if (snapshot === newest || snapshot.isPinned || isGraced) expect(kept.has(snapshot.sequence)).toBe(true);
      }
    }),
  );
});

test("deciding again about what was kept drops nothing more", () => {
  fc.assert(
    fc.property(history, policy, (snapshots, wanted) => {
      const kept = keptSnapshots(snapshots, wanted);
      const again = keptSnapshots(
        snapshots.filter(({ sequence }) => kept.has(sequence)),
        wanted,
      );
      expect([...again.keys()].sort()).toEqual([...kept.keys()].sort());
    }),
  );
});

test("larger numbers never keep less", () => {
  fc.assert(
    fc.property(
      history,
      policy,
      fc.constantFrom("last", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly"),
      (snapshots, wanted, which) => {
        const more = { ...wanted, numbers: { ...wanted.numbers, [which]: wanted.numbers[which] + 1 } };
        const kept = keptSnapshots(snapshots, wanted);
        const keptMore = keptSnapshots(snapshots, more);
        for (const sequence of kept.keys()) expect(keptMore.has(sequence)).toBe(true);
      },
    ),
  );
});

test("where a complete snapshot exists in a period that counts, the period keeps a complete one", () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 12 }), (snapshots, monthly) => {
      const kept = keptSnapshots(snapshots, retention({ monthly }));
      const month = (ms: number) => new Date(ms).toISOString().slice(0, 7);
      const months = [...new Set(snapshots.map(({ receivedAt }) => month(receivedAt)))].slice(-monthly);
      for (const each of months) {
        const inIt = snapshots.filter(({ receivedAt }) => month(receivedAt) === each);
        const hasComplete = inIt.some(({ isIncomplete }) => !isIncomplete);
        expect(inIt.some(({ sequence, isIncomplete }) => kept.has(sequence) && (!isIncomplete || !hasComplete))).toBe(
          true,
        );
      }
    }),
  );
});
