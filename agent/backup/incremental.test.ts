import { readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { MemoryService } from "../../test/support/memory-service.ts";
import { countTypes } from "../../test/support/read-snapshot.ts";

async function expectNothingSent(place: BackupPlace): Promise<void> {
  const packs = await place.newPacks(() => place.run());
  if (place.isOuterSame) expect(packs).toEqual([]);
  const counts = countTypes(place.service, packs);
  expect(counts).toMatchObject({ data: 0, bundle: 0, list: 0 });
  expect(counts.page).toBeLessThanOrEqual(3);
}

test("what is backed up can be read again, byte by byte", async () => {
  const place = new BackupPlace();
  place.writeMany(20);
  place.write("large", noise(5_000_000));
  place.write("empty", "");
  const report = await place.run();
  expect(report).toMatchObject({ result: "success", snapshot: 1, counters: { files: 22 } });
  const files = await place.snapshot();
  for (const name of ["large", "empty", "many/file-0", "many/file-19"]) {
    expect(files.get(name)?.content?.equals(readFileSync(place.path(name))), name).toBe(true);
  }
});

test("a second backup of an unchanged folder uploads nothing", async () => {
  const place = new BackupPlace();
  place.writeMany(3000);
  place.write("large", noise(3_000_000));
  await place.run();
  await expectNothingSent(place);
  expect(place.service.records).toHaveLength(2);
  expect(place.service.commits[1]?.counters).toMatchObject({
    files: 3001,
    filesEncoded: 0,
    bytesEncoded: 0,
    filesTransferred: 0,
  });
});

test("one changed file sends its bundle and one page per level, and nothing else", async () => {
  const place = new BackupPlace();
  place.writeMany(3000);
  await place.run();
  place.write("many/file-77", "changed");
  const packs = await place.newPacks(() => place.run());
  const counts = countTypes(place.service, packs);
  expect(counts).toMatchObject({ data: 0, bundle: 1, list: 0 });
  expect(counts.page).toBeLessThanOrEqual(4);
  const files = await place.snapshot();
  expect(files.get("many/file-77")?.content?.toString()).toBe("changed");
  expect(place.service.commits[1]?.counters).toMatchObject({ filesEncoded: 1, filesTransferred: 1 });
});

test("ten changed files among many are the ones that are read", async () => {
  const place = new BackupPlace();
  place.writeMany(1000);
  await place.run();
  for (let number = 0; number < 10; number++) place.write(`many/file-${number * 100}`, `new ${number}`);
  const report = await place.run();
  expect(report.counters).toMatchObject({ files: 1000, filesEncoded: 10, filesTransferred: 10 });
  const files = await place.snapshot();
  for (let number = 0; number < 10; number++)
    expect(files.get(`many/file-${number * 100}`)?.content?.toString()).toBe(`new ${number}`);
});

test("a change in the middle of a large file sends only what is around it", async () => {
  const place = new BackupPlace();
  const content = noise(30_000_000);
  place.write("large", content);
  await place.run();
  const grown = Buffer.concat([content.subarray(0, 15_000_000), Buffer.from("inserted"), content.subarray(15_000_000)]);
  place.write("large", grown);
  const before = place.service.storedBytes;
  await place.run();
  expect(place.service.storedBytes - before).toBeLessThan(9_000_000);
  expect((await place.snapshot()).get("large")?.content?.equals(grown)).toBe(true);
});

test("identical files are stored once, each with its own times", async () => {
  const place = new BackupPlace();
  for (let number = 0; number < 400; number++) place.write(`equal-${number}`, noise(100_000));
  for (const name of ["large-1", "large-2"]) place.write(name, noise(2_000_000, 5));
  for (let number = 0; number < 400; number++) utimesSync(place.path(`equal-${number}`), 1000, 1_000_000 + number);
  await place.run();
  expect(place.service.storedBytes).toBeLessThan(2_500_000);
  const files = await place.snapshot();
  for (let number = 0; number < 400; number++) {
    const file = files.get(`equal-${number}`);
    expect(file?.content?.equals(noise(100_000)), String(number)).toBe(true);
    expect(file?.entry.mtimeSeconds).toBe(1_000_000 + number);
  }
});

test("a copied folder of small files sends only pages", async () => {
  const place = new BackupPlace();
  place.writeMany(600);
  await place.run();
  place.writeMany(600, "copy");
  const before = place.service.storedBytes;
  const packs = await place.newPacks(() => place.run());
  // The first 256 files are not looked for: the table of contents is only loaded when it is worth it.
  expect(place.service.storedBytes - before).toBeLessThan(600 * 2000 * 0.65);
  expect(countTypes(place.service, packs).data).toBe(0);
  const files = await place.snapshot();
  for (let number = 0; number < 600; number++)
    expect(files.get(`copy/file-${number}`)?.content?.equals(noise(2000, number + 1))).toBe(true);
});

test("a renamed big folder sends almost only pages", async () => {
  const place = new BackupPlace();
  place.writeMany(2000);
  place.write("many/large", noise(10_000_000));
  await place.run();
  renameSync(place.path("many"), place.path("renamed"));
  const before = place.service.storedBytes;
  await place.run();
  expect(place.service.storedBytes - before).toBeLessThan(1_200_000);
  const files = await place.snapshot();
  expect(files.has("many/file-1")).toBe(false);
  expect(files.get("renamed/file-1999")?.content?.equals(noise(2000, 2000))).toBe(true);
});

test("after the local state is lost nothing that the service has is sent again", async () => {
  const place = new BackupPlace();
  place.writeMany(300);
  place.write("large", noise(3_000_000));
  await place.run();
  place.forget();
  await expectNothingSent(place);
  expect(await place.snapshot()).toEqual(await place.snapshot(1));
});

test("a state that is damaged is put aside, and the backup goes on", async () => {
  const place = new BackupPlace();
  place.writeMany(300);
  await place.run();
  writeFileSync(join(place.data, "state.db"), noise(50_000));
  for (const suffix of ["-wal", "-shm"]) rmSync(join(place.data, `state.db${suffix}`), { force: true });
  await expectNothingSent(place);
  expect(readFileSync(join(place.data, "state.db.damaged")).length).toBe(50_000);
});

test("a file that is gone from the disk is gone from the next snapshot, and still in the last", async () => {
  const place = new BackupPlace();
  place.writeMany(30);
  await place.run();
  rmSync(place.path("many/file-3"));
  await place.run();
  const path = "many/file-3";
  expect((await place.snapshot(2)).has(path)).toBe(false);
  expect((await place.snapshot(1)).has(path)).toBe(true);
});

test("the same folder gives the same chunks with one, two and three threads", async () => {
  const place = new BackupPlace();
  place.writeMany(700);
  place.write("large", noise(7_000_000));
  const runs = [];
  for (const threads of [1, 2, 3]) {
    place.service = new MemoryService();
    rmSync(place.data, { recursive: true, force: true });
    await place.run({ threads });
    const dataPacks = [...place.service.packs.values()].filter(({ frame }) => frame.kind === 0);
    const ids = dataPacks.flatMap(({ frame }) => frame.chunks.map(({ id }) => id.toString("hex"))).sort();
    runs.push({ ids, entries: await place.snapshot() });
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});

test("no session key and counter is ever used twice", async () => {
  const place = new BackupPlace();
  place.writeMany(200);
  const seen = new Set<string>();
  for (let run = 0; run < 3; run++) {
    place.write(`large-${run}`, noise(9_000_000, run + 1));
    await place.run();
  }
  let chunks = 0;
  for (const { bytes, frame } of place.service.packs.values())
    for (const { offset, session } of frame.chunks) {
      const counter = bytes.readBigUInt64LE(offset + 12);
      seen.add(`${frame.sessions[session]?.toString("hex")} ${counter}`);
      chunks++;
    }
  expect(chunks).toBeGreaterThan(20);
  expect(seen.size).toBe(chunks);
});
