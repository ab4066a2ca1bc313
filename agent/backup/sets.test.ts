import { truncateSync, utimesSync } from "node:fs";
import { expect, test } from "vitest";
import { type BackupSet, backupSet } from "../../protocol/messages/policies.ts";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { DefaultRules } from "../disk/defaults/default-rules.ts";
import { catalogPath } from "../disk/disk-path.ts";
import type { BackupOptions } from "./backup-options.ts";

const setOf = (said: object): BackupSet => backupSet.parse({ name: "one", ...said });
const names = async (place: BackupPlace) => [...(await place.snapshot()).keys()];

function makePlace(): BackupPlace {
  const place = new BackupPlace();
  for (const name of ["small.doc", "large.doc", "film.iso"]) place.write(name, name);
  truncateSync(place.path("large.doc"), 1001);
  return place;
}

test("a file that grows over a limit, or gets too old, leaves a backup of known changes; one that fits again enters it", async () => {
  const place = makePlace();
  const sets = [setOf({ roots: [place.source], exclude: { largerThanBytes: 1000, olderThanDays: 30 } })];
  const run = async (...changed: string[]) =>
    await place.run({
      roots: [],
      sets,
      threads: 1,
      changed: changed.map((name) => ({ path: catalogPath(place.path(name)), isDeep: false })),
    });
  await run();
  expect(await names(place)).toEqual(["film.iso", "small.doc"]);
  truncateSync(place.path("small.doc"), 2000);
  utimesSync(place.path("film.iso"), 1e9, 1e9);
  truncateSync(place.path("large.doc"), 500);
  const report = await run("small.doc", "film.iso", "large.doc");
  expect(report).toMatchObject({ isPartial: true, result: "success", counters: { files: 1, bytes: 500 } });
  expect(report.skipped.map(({ reason }) => reason)).toEqual(["ignored", "ignored"]);
  expect(await names(place)).toEqual(["large.doc"]);
});

test("another choice of sets, defaults or drives is a walk over everything", async () => {
  const place = makePlace();
  const roots = [place.source];
  const whole = { roots: [], sets: [setOf({ roots })] };
  const choices: Partial<BackupOptions>[] = [
    { roots: [], sets: [setOf({ roots, exclude: { types: ["doc"] } })] },
    { roots: [], sets: [...whole.sets, setOf({ roots, exclusionary: true, include: { types: ["iso"] } })] },
    { ...whole, defaults: new DefaultRules([{ pattern: "/nowhere", reason: "a test" }], [], "exact") },
    { ...whole, refusedMounts: [{ path: Buffer.from("nowhere"), kind: "nfs" }] },
  ];
  await place.run({ ...whole, changed: [] });
  for (const choice of choices) {
    expect(await place.run({ ...choice, changed: [] })).toMatchObject({ isPartial: false });
    expect(await place.run({ ...choice, changed: [] })).toMatchObject({ isPartial: true });
  }
});

test("what an exclusionary set says later leaves the next snapshot, and earlier ones keep it", async () => {
  const place = makePlace();
  const home = setOf({ roots: [place.source] });
  await place.run({ roots: [], sets: [home] });
  await place.run({
    roots: [],
    sets: [home, setOf({ exclusionary: true, roots: ["/"], include: { types: ["iso"] } })],
  });
  expect(await names(place)).toEqual(["large.doc", "small.doc"]);
  expect([...(await place.snapshot(1)).keys()]).toEqual(["film.iso", "large.doc", "small.doc"]);
});

test("a backup of nothing but drives that the licence doesn't cover is none; with another root they are listed", async () => {
  const place = makePlace();
  const refusedMounts = [{ path: catalogPath(place.source), kind: "nfs4" }];
  const sets = [setOf({ roots: [place.path("small.doc")] })];
  await expect(place.run({ roots: [], sets, refusedMounts })).rejects.toMatchObject({
    code: "root/missing",
    data: { reason: expect.stringMatching(/network drive \(nfs4/) },
  });
  const other = makePlace();
  const both = [...sets, setOf({ name: "two", roots: [other.source] })];
  const report = await place.run({ roots: [], sets: both, refusedMounts });
  expect(report).toMatchObject({ result: "incomplete", code: "licence/network-drive", counters: { files: 3 } });
});

test("sets that name only what is to be left out back up nothing", async () => {
  const place = makePlace();
  const sets = [setOf({ exclusionary: true, roots: [place.source] })];
  await expect(place.run({ roots: [], sets })).rejects.toMatchObject({ code: "root/none" });
});
