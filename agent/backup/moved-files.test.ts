import { linkSync, mkdirSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { countTypes } from "../../test/support/read-snapshot.ts";
import { catalogPath } from "../disk/disk-path.ts";

const sizes = [0, 10, 2000, 60_000, 300_000, 3_000_000];

/** Few files of many sizes: so few that equal content is not looked for. */
function withFolder(): BackupPlace {
  const place = new BackupPlace();
  mkdirSync(place.path("a/in/it"), { recursive: true });
  for (const [number, size] of sizes.entries()) place.write(`a/in/it/${number}`, noise(size, number + 1));
  for (let number = 0; number < 100; number++) place.write(`a/${number}`, noise(20_000, 100 + number));
  return place;
}

async function expectOnlyPages(place: BackupPlace, run: () => Promise<unknown>): Promise<void> {
  const packs = await place.newPacks(run);
  expect(countTypes(place.service, packs)).toMatchObject({ data: 0, bundle: 0, list: 0 });
  const bytes = packs.reduce((sum, pack) => sum + (place.service.packs.get(pack)?.bytes.length ?? 0), 0);
  expect(bytes).toBeLessThan(20_000);
}

async function expectMoved(place: BackupPlace, to: string): Promise<void> {
  const files = await place.snapshot();
  for (const [number, size] of sizes.entries())
    expect(files.get(`${to}/in/it/${number}`)?.content?.equals(noise(size, number + 1))).toBe(true);
  for (let number = 0; number < 100; number++)
    expect(files.get(`${to}/${number}`)?.content?.equals(noise(20_000, 100 + number))).toBe(true);
  expect([...files.keys()].filter((name) => name.startsWith("a/"))).toEqual([]);
}

test.each(["b", "0", "elsewhere/deep/down"])(
  "a folder that moved to %s sends only pages, and nothing of it is read",
  async (to) => {
    const place = withFolder();
    mkdirSync(place.path("elsewhere/deep"), { recursive: true });
    await place.run();
    renameSync(place.path("a"), place.path(to));
    await expectOnlyPages(place, async () => {
      const { counters } = await place.run();
      expect(counters).toMatchObject({ filesEncoded: 0, filesTransferred: 0 });
    });
    await expectMoved(place, to);
  },
);

test("a folder that moved is known, too, when only its two names are told", async () => {
  const place = withFolder();
  await place.run();
  renameSync(place.path("a"), place.path("b"));
  const changed = ["a", "b"].map((name) => ({ path: catalogPath(place.path(name)), isDeep: false }));
  await expectOnlyPages(place, async () => {
    expect(await place.run({ changed })).toMatchObject({ isPartial: true, counters: { filesEncoded: 0 } });
  });
  await expectMoved(place, "b");
});

test("files that changed after they moved are read", async () => {
  const place = withFolder();
  await place.run();
  renameSync(place.path("a"), place.path("b"));
  place.write("b/7", noise(20_000, 999));
  // As large and as old as before: only the change time tells.
  writeFileSync(place.path("b/8"), noise(20_000, 998));
  utimesSync(place.path("b/8"), 1, 1);
  await place.run();
  const files = await place.snapshot();
  expect(files.get("b/7")?.content?.equals(noise(20_000, 999))).toBe(true);
  expect(files.get("b/8")?.content?.equals(noise(20_000, 998))).toBe(true);
  expect(files.get("b/9")?.content?.equals(noise(20_000, 109))).toBe(true);
});

test("many files that are renamed one by one are read, and nothing but pages is sent", async () => {
  const place = new BackupPlace();
  place.writeMany(600);
  await place.run();
  for (let number = 0; number < 600; number++)
    renameSync(place.path(`many/file-${number}`), place.path(`many/renamed-${number}`));
  const packs = await place.newPacks(() => place.run());
  expect(countTypes(place.service, packs)).toMatchObject({ data: 0, bundle: 0 });
  expect((await place.snapshot()).get("many/renamed-17")?.content?.equals(noise(2000, 18))).toBe(true);
});

test("equal files in several places are stored once, whether small or large, new or known", async () => {
  const place = new BackupPlace();
  for (const folder of ["one", "two", "three"]) {
    place.writeMany(300, folder);
    place.write(`${folder}/large`, noise(2_000_000, 7));
  }
  await place.run();
  const once = 300 * 2000 + 2_000_000;
  expect(place.service.storedBytes).toBeLessThan(once * 1.1 + 100_000);
  const packs = await place.newPacks(async () => {
    place.writeMany(300, "four");
    place.write("four/large", noise(2_000_000, 7));
    linkSync(place.path("one/large"), place.path("linked"));
    await place.run();
  });
  expect(countTypes(place.service, packs)).toMatchObject({ data: 0, bundle: 0 });
});
