import { expect, test } from "vitest";
import { watchedHour } from "./watched-hour.ts";

test("after a minute of random edits under `holdfast run` the last snapshot is what the disk is", async () => {
  const { differences, backups, checks } = await watchedHour({
    minutes: 0.4,
    files: 300,
    seed: 7,
    checks: 1,
    stormEdits: 2000,
    quietSeconds: 1,
    idleMinutes: 0,
    tell: () => undefined,
  });
  expect(differences).toEqual([]);
  expect(checks).toBe(2);
  expect(backups.changes).toBeGreaterThan(0);
}, 600_000);
