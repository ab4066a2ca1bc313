import { expect, test } from "vitest";
import { byDay, dayOf, newestAt } from "./snapshot-days.ts";

const snapshot = (sequence: number, receivedAt: string) => ({
  sequence,
  receivedAt,
  claimedAt: receivedAt,
  record: "",
  incomplete: false,
  files: 1,
  bytes: 1,
});

// At noon it is the same day in nearly all zones.
const three = [
  snapshot(3, "2026-11-20T12:30:00.000Z"),
  snapshot(2, "2026-11-20T12:00:00.000Z"),
  snapshot(1, "2026-11-18T12:00:00.000Z"),
];

test("days have the snapshots of that day, newest first", () => {
  const days = byDay(three);
  expect([...days.keys()]).toEqual(["2026-11-20", "2026-11-18"]);
  expect(days.get("2026-11-20")?.map(({ sequence }) => sequence)).toEqual([3, 2]);
  expect(dayOf("2026-01-02T12:00:00.000Z")).toBe("2026-01-02");
});

test("an instant means the newest snapshot that was there by then", () => {
  expect(newestAt(three, "2026-11-20T12:00:00.000Z")?.sequence).toBe(2);
  expect(newestAt(three, "2026-11-19T00:00:00.000Z")?.sequence).toBe(1);
  expect(newestAt(three, "2026-11-17T00:00:00.000Z")).toBeUndefined();
});
