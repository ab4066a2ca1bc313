import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";

/** 32 MB in large files, and some small ones. */
function fullPlace(): BackupPlace {
  const place = new BackupPlace();
  for (let number = 0; number < 40; number++) place.write(`large-${number}`, noise(800_000, number + 1));
  place.writeMany(100, "zz-many");
  return place;
}

test("a quota that is reached in the middle commits what fits, and lists what does not", async () => {
  const place = fullPlace();
  place.service.limitBytes = 20_000_000;
  const report = await place.run();
  expect(report).toMatchObject({ result: "incomplete", code: "quota/exceeded", snapshot: 1 });
  expect(place.service.storedBytes).toBeLessThanOrEqual(20_000_000);
  const files = await place.snapshot();
  const stored = [...files].filter(([, { entry }]) => entry.type === "file");
  expect(stored.length).toBeGreaterThan(5);
  for (const [name, { content }] of stored) expect(content?.equals(readFileSync(place.path(name))), name).toBe(true);
  const notSent = report.problems.list.filter(({ code }) => code === "file/not-sent");
  expect(notSent.length).toBeGreaterThan(5);
  expect(notSent.length + stored.length).toBe(140);
});

test("when there is room again, the next run sends the rest and nothing twice", async () => {
  const place = fullPlace();
  place.service.limitBytes = 20_000_000;
  await place.run();
  place.service.limitBytes = null;
  expect(await place.run()).toMatchObject({ result: "success", snapshot: 2, problems: { count: 0 } });
  const files = await place.snapshot();
  expect([...files.values()].filter(({ entry }) => entry.type === "file")).toHaveLength(140);
  expect(place.service.storedBytes).toBeLessThan(33_000_000);
});

test("a quota that is full keeps the last version of what has changed", async () => {
  const place = fullPlace();
  await place.run();
  place.service.limitBytes = place.service.storedBytes + 1_000_000;
  place.write("large-2", noise(1_500_000, 99));
  place.write("zz-many/file-3", "small change");
  const report = await place.run();
  expect(report).toMatchObject({ result: "incomplete", code: "quota/exceeded" });
  const files = await place.snapshot();
  expect(files.get("large-2")?.content?.equals(noise(800_000, 3))).toBe(true);
  expect(files.size).toBe(1 + 140);
});

test("a quota with no room for anything fails with that reason, and loses nothing", async () => {
  const place = fullPlace();
  await place.run();
  place.service.limitBytes = place.service.storedBytes;
  place.write("new", noise(800_000, 99)); // Its folder changes, too, and so does a page.
  await expect(place.run()).rejects.toMatchObject({ code: "quota/exceeded" });
  expect(place.service.records).toHaveLength(1);
  expect(place.service.ends).toMatchObject([{ code: "quota/exceeded" }]);
  place.service.limitBytes = null;
  expect(await place.run()).toMatchObject({ result: "success" });
  expect((await place.snapshot()).get("new")?.content?.equals(noise(800_000, 99))).toBe(true);
});

test("a service whose storage is full is like a quota: what fits is committed", async () => {
  const place = fullPlace();
  place.service.beforePack = ({ bytes }) => {
    if (bytes.length > 200_000 && place.service.packsTaken >= 2) throw new HoldfastError("storage/full");
  };
  const report = await place.run();
  expect(report).toMatchObject({ result: "incomplete", code: "storage/full" });
  await place.snapshot();
});

test("an unchanged tree is committed although the quota is used up", async () => {
  const place = fullPlace();
  await place.run();
  // Room for a page: the folders above the source may have changed.
  place.service.limitBytes = place.service.storedBytes + 100_000;
  expect(await place.run()).toMatchObject({ result: "success", snapshot: 2 });
});
