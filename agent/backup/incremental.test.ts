import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Clock, systemClock } from "../../base/clock.ts";
import { backUp as backUpNow } from "../../test/support/engine.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { MemoryService } from "../../test/support/memory-service.ts";
import { countTypes, readSnapshot, type SnapshotFile } from "../../test/support/read-snapshot.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";

/** Fresh files count as old: marks trust only change times some seconds back. */
const clock: Clock = { ...systemClock, now: () => systemClock.now() + 60_000 };
const backUp: typeof backUpNow = (service, source, data, more = {}) =>
  backUpNow(service, source, data, { clock, ...more });

/** A source, an empty data folder and a service. */
function place() {
  return { source: tempFolder(), data: join(tempFolder(), "data"), service: new MemoryService() };
}

/** The folders above a root are in its catalog, and other tests work in the temporary folder at the same time. */
const outerTime = () => lstatSync(tmpdir(), { bigint: true }).mtimeNs;

async function expectNothingSent(service: MemoryService, work: () => Promise<unknown>): Promise<void> {
  const before = outerTime();
  const packs = await newPacks(service, work);
  if (outerTime() === before) expect(packs).toEqual([]);
  const counts = countTypes(service, packs);
  expect(counts).toMatchObject({ data: 0, bundle: 0, list: 0 });
  expect(counts.page).toBeLessThanOrEqual(3);
}

/** The packs that `work` added to the service. */
async function newPacks(service: MemoryService, work: () => Promise<unknown>): Promise<string[]> {
  const before = new Set(service.packs.keys());
  await work();
  return [...service.packs.keys()].filter((pack) => !before.has(pack));
}

/** The part of a snapshot that lies in `folder`. */
const below = (files: Map<string, SnapshotFile>, folder: string): Map<string, SnapshotFile> =>
  new Map([...files].filter(([path]) => path.startsWith(folder.slice(1))));

function manyFiles(source: string, count = 300): void {
  mkdirSync(join(source, "many"));
  for (let number = 0; number < count; number++)
    writeFileSync(join(source, "many", `file-${number}`), noise(2000, number + 1));
}

test("what is backed up can be read again, byte by byte", async () => {
  const { source, data, service } = place();
  manyFiles(source, 20);
  writeFileSync(join(source, "large"), noise(5_000_000));
  writeFileSync(join(source, "empty"), "");
  const report = await backUp(service, source, data);
  expect(report).toMatchObject({ result: "success", snapshot: 1, counters: { files: 22 } });
  const files = await readSnapshot(service);
  for (const name of ["large", "empty", "many/file-0", "many/file-19"]) {
    const path = join(source, name);
    expect(files.get(path.slice(1))?.content?.equals(readFileSync(path)), name).toBe(true);
  }
});

test("a second backup of an unchanged folder uploads nothing", async () => {
  const { source, data, service } = place();
  manyFiles(source, 3000);
  writeFileSync(join(source, "large"), noise(3_000_000));
  await backUp(service, source, data);
  await expectNothingSent(service, () => backUp(service, source, data));
  expect(service.records).toHaveLength(2);
  expect(service.commits[1]?.counters).toMatchObject({
    files: 3001,
    filesEncoded: 0,
    bytesEncoded: 0,
    filesTransferred: 0,
  });
});

test("one changed file sends its bundle and one page per level, and nothing else", async () => {
  const { source, data, service } = place();
  manyFiles(source, 3000);
  await backUp(service, source, data);
  writeFileSync(join(source, "many/file-77"), "changed");
  const packs = await newPacks(service, () => backUp(service, source, data));
  const counts = countTypes(service, packs);
  expect(counts).toMatchObject({ data: 0, bundle: 1, list: 0 });
  expect(counts.page).toBeLessThanOrEqual(4);
  const files = await readSnapshot(service);
  expect(files.get(join(source, "many/file-77").slice(1))?.content?.toString()).toBe("changed");
  expect(service.commits[1]?.counters).toMatchObject({ filesEncoded: 1, filesTransferred: 1 });
});

test("ten changed files among many are the ones that are read", async () => {
  const { source, data, service } = place();
  manyFiles(source, 1000);
  await backUp(service, source, data);
  for (let number = 0; number < 10; number++) writeFileSync(join(source, `many/file-${number * 100}`), `new ${number}`);
  const report = await backUp(service, source, data);
  expect(report.counters).toMatchObject({ files: 1000, filesEncoded: 10, filesTransferred: 10 });
  const files = await readSnapshot(service);
  for (let number = 0; number < 10; number++)
    expect(files.get(join(source, `many/file-${number * 100}`).slice(1))?.content?.toString()).toBe(`new ${number}`);
});

test("a change in the middle of a large file sends only what is around it", async () => {
  const { source, data, service } = place();
  const content = noise(30_000_000);
  writeFileSync(join(source, "large"), content);
  await backUp(service, source, data);
  const grown = Buffer.concat([content.subarray(0, 15_000_000), Buffer.from("inserted"), content.subarray(15_000_000)]);
  writeFileSync(join(source, "large"), grown);
  const before = service.storedBytes;
  await backUp(service, source, data);
  expect(service.storedBytes - before).toBeLessThan(9_000_000);
  expect((await readSnapshot(service)).get(join(source, "large").slice(1))?.content?.equals(grown)).toBe(true);
});

test("identical files are stored once, each with its own times", async () => {
  const { source, data, service } = place();
  for (let number = 0; number < 400; number++) writeFileSync(join(source, `equal-${number}`), noise(100_000));
  for (const name of ["large-1", "large-2"]) writeFileSync(join(source, name), noise(2_000_000, 5));
  for (let number = 0; number < 400; number++) utimesSync(join(source, `equal-${number}`), 1000, 1_000_000 + number);
  await backUp(service, source, data);
  expect(service.storedBytes).toBeLessThan(2_500_000);
  const files = await readSnapshot(service);
  for (let number = 0; number < 400; number++) {
    const file = files.get(join(source, `equal-${number}`).slice(1));
    expect(file?.content?.equals(noise(100_000)), String(number)).toBe(true);
    expect(file?.entry.mtimeSeconds).toBe(1_000_000 + number);
  }
});

test("a copied folder of small files sends only pages", async () => {
  const { source, data, service } = place();
  manyFiles(source, 600);
  await backUp(service, source, data);
  mkdirSync(join(source, "copy"));
  for (let number = 0; number < 600; number++)
    writeFileSync(join(source, "copy", `file-${number}`), noise(2000, number + 1));
  const before = service.storedBytes;
  const packs = await newPacks(service, () => backUp(service, source, data));
  // The first 256 files are not looked for: the table of contents is only loaded when it is worth it.
  expect(service.storedBytes - before).toBeLessThan(600 * 2000 * 0.65);
  expect(countTypes(service, packs).data).toBe(0);
  const files = await readSnapshot(service);
  for (let number = 0; number < 600; number++)
    expect(files.get(join(source, `copy/file-${number}`).slice(1))?.content?.equals(noise(2000, number + 1))).toBe(
      true,
    );
});

test("a renamed big folder sends almost only pages", async () => {
  const { source, data, service } = place();
  manyFiles(source, 2000);
  writeFileSync(join(source, "many", "large"), noise(10_000_000));
  await backUp(service, source, data);
  renameSync(join(source, "many"), join(source, "renamed"));
  const before = service.storedBytes;
  await backUp(service, source, data);
  expect(service.storedBytes - before).toBeLessThan(1_200_000);
  const files = await readSnapshot(service);
  expect(files.has(join(source, "many/file-1").slice(1))).toBe(false);
  expect(files.get(join(source, "renamed/file-1999").slice(1))?.content?.equals(noise(2000, 2000))).toBe(true);
});

test("after the local state is lost nothing that the service has is sent again", async () => {
  const { source, data, service } = place();
  manyFiles(source);
  writeFileSync(join(source, "large"), noise(3_000_000));
  await backUp(service, source, data);
  rmSync(data, { recursive: true });
  await expectNothingSent(service, () => backUp(service, source, data));
  expect(below(await readSnapshot(service), source)).toEqual(below(await readSnapshot(service, 1), source));
});

test("a state that is damaged is put aside, and the backup goes on", async () => {
  const { source, data, service } = place();
  manyFiles(source);
  await backUp(service, source, data);
  writeFileSync(join(data, "state.db"), noise(50_000));
  for (const suffix of ["-wal", "-shm"]) rmSync(join(data, `state.db${suffix}`), { force: true });
  await expectNothingSent(service, () => backUp(service, source, data));
  expect(readFileSync(join(data, "state.db.damaged")).length).toBe(50_000);
});

test("a file that is gone from the disk is gone from the next snapshot, and still in the last", async () => {
  const { source, data, service } = place();
  manyFiles(source, 30);
  await backUp(service, source, data);
  rmSync(join(source, "many/file-3"));
  await backUp(service, source, data);
  const path = join(source, "many/file-3").slice(1);
  expect((await readSnapshot(service, 2)).has(path)).toBe(false);
  expect((await readSnapshot(service, 1)).has(path)).toBe(true);
});

test("the same folder gives the same chunks with one, two and three threads", async () => {
  const { source } = place();
  manyFiles(source, 700);
  writeFileSync(join(source, "large"), noise(7_000_000));
  const runs = [];
  for (const threads of [1, 2, 3]) {
    const service = new MemoryService();
    await backUp(service, source, tempFolder(), { threads });
    const dataPacks = [...service.packs.values()].filter(({ frame }) => frame.kind === 0);
    const ids = dataPacks.flatMap(({ frame }) => frame.chunks.map(({ id }) => id.toString("hex"))).sort();
    runs.push({ ids, entries: below(await readSnapshot(service), source) });
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});

test("no session key and counter is ever used twice", async () => {
  const { source, data, service } = place();
  manyFiles(source, 200);
  const seen = new Set<string>();
  for (let run = 0; run < 3; run++) {
    writeFileSync(join(source, `large-${run}`), noise(9_000_000, run + 1));
    await backUp(service, source, data);
  }
  let chunks = 0;
  for (const { bytes, frame } of service.packs.values())
    for (const { offset, session } of frame.chunks) {
      const counter = bytes.readBigUInt64LE(offset + 12);
      seen.add(`${frame.sessions[session]?.toString("hex")} ${counter}`);
      chunks++;
    }
  expect(chunks).toBeGreaterThan(20);
  expect(seen.size).toBe(chunks);
});
