import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";

/** The packs of one kind that the service has. */
const packsOf = (place: BackupPlace, kind: 0 | 1): string[] =>
  [...place.service.packs].filter(([, { frame }]) => frame.kind === kind).map(([id]) => id);

function smallPlace(): BackupPlace {
  const place = new BackupPlace();
  for (let number = 0; number < 3; number++) place.write(`large-${number}`, noise(3_000_000, number + 1));
  place.writeMany(300);
  return place;
}

async function expectWhole(place: BackupPlace): Promise<void> {
  const files = await place.snapshot();
  for (let number = 0; number < 3; number++)
    expect(files.get(`large-${number}`)?.content?.equals(noise(3_000_000, number + 1))).toBe(true);
  for (let number = 0; number < 300; number++)
    expect(files.get(`many/file-${number}`)?.content?.equals(noise(2000, number + 1))).toBe(true);
}

test("data that the service has lost is sent again by the run that finds out", async () => {
  const place = smallPlace();
  await place.run();
  for (const pack of packsOf(place, 0)) place.service.packs.delete(pack);
  place.write("one-more", "makes a new page, whose links are checked");
  expect(await place.run()).toMatchObject({ result: "success", snapshot: 2 });
  await expectWhole(place);
});

test("pages that the service has lost are sent again", async () => {
  const place = smallPlace();
  await place.run();
  for (const pack of packsOf(place, 1)) place.service.packs.delete(pack);
  expect(await place.run()).toMatchObject({ result: "success", snapshot: 2 });
  await expectWhole(place);
});

test("more losses than the service names at once are healed by one run", async () => {
  const place = new BackupPlace();
  place.writeMany(1200);
  // One bundle a file: none is followed by another that would fit.
  for (let number = 0; number < 40; number++) place.write(`large-${number}`, noise(300_000, number + 1));
  await place.run();
  for (const pack of packsOf(place, 0)) place.service.packs.delete(pack);
  place.write("one-more", "x");
  place.service.missingMax = 5;
  expect(await place.run()).toMatchObject({ result: "success" });
  expect((await place.snapshot()).get("large-39")?.content?.equals(noise(300_000, 40))).toBe(true);
});

test("a file that is gone from the disk, and whose data the service lost, does not stop the run", async () => {
  const place = smallPlace();
  await place.run();
  for (const pack of packsOf(place, 0)) place.service.packs.delete(pack);
  rmSync(place.path("large-1"));
  expect(await place.run()).toMatchObject({ result: "success" });
  expect((await place.snapshot()).get("large-0")?.content?.equals(noise(3_000_000, 1))).toBe(true);
});

test("staged packs that ran out before the next run are sent again", async () => {
  const place = smallPlace();
  const controller = new AbortController();
  place.service.beforePack = () => {
    if (place.service.packsTaken === 1) controller.abort();
  };
  await expect(place.run({ signal: controller.signal })).rejects.toMatchObject({ code: "backup/cancelled" });
  place.service.beforePack = () => undefined;
  place.service.packs.clear();
  expect(await place.run()).toMatchObject({ result: "success" });
  await expectWhole(place);
});

test("staged packs that ran out are no trouble in a tree that has changed since, either", async () => {
  const place = new BackupPlace();
  place.writeMany(1500);
  place.service.beforePack = ({ bytes }) => {
    if (bytes[5] === 1) throw new HoldfastError("service/unreachable", { reason: "before any page" });
  };
  await expect(place.run()).rejects.toMatchObject({ code: "service/unreachable" });
  expect(place.service.packs.size).toBeGreaterThan(0);
  place.service.beforePack = () => undefined;
  place.service.packs.clear();
  // Other bundles than before: those of the first run can't be made again.
  for (let number = 0; number < 1500; number += 50) rmSync(place.path(`many/file-${number}`));
  expect(await place.run()).toMatchObject({ result: "success" });
  expect((await place.snapshot()).get("many/file-1499")?.content?.equals(noise(2000, 1500))).toBe(true);
});

test("a service that shows less than it confirmed stops the run", async () => {
  const place = smallPlace();
  await place.run();
  place.write("one-more", "x");
  await place.run();
  const before = place.service.packs.size;
  place.service.records.pop();
  await expect(place.run()).rejects.toMatchObject({ code: "vault/rolled-back", data: { shown: 1, known: 2 } });
  expect(place.service.ends.at(-1)).toMatchObject({ code: "vault/rolled-back" });
  expect(place.service.packs.size).toBe(before);
});

test("a service that shows another record than it confirmed stops the run", async () => {
  const place = smallPlace();
  await place.run();
  const other = new BackupPlace();
  other.write("x", "another history");
  await other.run();
  place.service.records[0] = other.service.records[0] ?? Buffer.alloc(0);
  await expect(place.run()).rejects.toMatchObject({ code: "vault/rolled-back" });
});

test("who accepts the shorter history goes on from it, and needs to say so only once", async () => {
  const place = smallPlace();
  await place.run();
  const first = new Set(place.service.packs.keys());
  for (const name of ["two", "three", "four"]) {
    place.write(name, name);
    await place.run();
  }
  // The service was set back to its state after the first backup.
  place.service.records.splice(1);
  for (const id of [...place.service.packs.keys()]) if (!first.has(id)) place.service.packs.delete(id);
  await expect(place.run()).rejects.toMatchObject({ code: "vault/rolled-back" });
  expect(await place.run({ acceptHistory: true })).toMatchObject({ snapshot: 2, result: "success" });
  await expectWhole(place);
  expect((await place.snapshot()).get("four")?.content?.toString()).toBe("four");
  expect(await place.run()).toMatchObject({ snapshot: 3 });
});

test("a service whose receipt is not signed by the key of the registration is not believed", async () => {
  const place = smallPlace();
  await expect(place.run({ receiptKey: Buffer.alloc(32, 7) })).rejects.toMatchObject({ code: "service/protocol" });
});

test("a service that found chunks lost gets again what is still there, although nothing has changed, and is asked once", async () => {
  const place = smallPlace();
  await place.run();
  for (const pack of packsOf(place, 0)) place.service.packs.delete(pack);
  place.service.losses = 1;
  expect(await place.run()).toMatchObject({ result: "success", snapshot: 2 });
  await expectWhole(place);
  const packs = place.service.packsTaken;
  expect(await place.run()).toMatchObject({ result: "success", snapshot: 3, counters: { filesEncoded: 0 } });
  if (place.isOuterSame) expect(place.service.packsTaken).toBe(packs);
});
