import { expect, test } from "vitest";
import { snapshotMonths } from "./snapshot-months.ts";

test("snapshots are counted on the days of the organization's time zone", () => {
  const snapshots = [
    { receivedAt: "2026-11-01T00:30:00.000Z", reasons: ["newest"] },
    { receivedAt: "2026-10-31T12:00:00.000Z", reasons: [] },
    { receivedAt: "2026-09-02T12:00:00.000Z", reasons: ["monthly"] },
  ];
  const days = (timeZone: string) =>
    snapshotMonths(snapshots, timeZone).map(({ month, days }) => [month, [...days.values()]]);
  expect(days("UTC")).toEqual([
    ["2026-11", [{ day: 1, kept: 1, dropped: 0 }]],
    ["2026-10", [{ day: 31, kept: 0, dropped: 1 }]],
    ["2026-09", [{ day: 2, kept: 1, dropped: 0 }]],
  ]);
  expect(days("America/New_York")).toEqual([
    ["2026-10", [{ day: 31, kept: 1, dropped: 1 }]],
    ["2026-09", [{ day: 2, kept: 1, dropped: 0 }]],
  ]);
});
