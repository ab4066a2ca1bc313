import { closeSync, ftruncateSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { expect, test } from "vitest";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { MemoryService } from "../../test/support/memory-service.ts";
import { SEGMENT_BYTES } from "./large-file.ts";

const MIB = 1024 * 1024;

function patch(
  place: BackupPlace,
  name: string,
  patches: readonly { at: number; bytes: Buffer }[],
  size?: number,
): void {
  const fd = openSync(place.path(name), "r+");
  for (const { at, bytes } of patches) writeSync(fd, bytes, 0, bytes.length, at);
  if (size !== undefined) ftruncateSync(fd, size);
  closeSync(fd);
}

/** Sealed bytes that a run adds. */
async function added(place: BackupPlace): Promise<number> {
  const before = place.service.storedBytes;
  expect(await place.run()).toMatchObject({ result: "success" });
  return place.service.storedBytes - before;
}

async function expectSame(place: BackupPlace, name: string): Promise<void> {
  const { content } = (await place.snapshot()).get(name) ?? {};
  expect(content?.equals(readFileSync(place.path(name)))).toBe(true);
}

const dataIds = (service: MemoryService): string[] =>
  [...service.packs.values()]
    .filter(({ frame }) => frame.kind === 0)
    .flatMap(({ frame }) => frame.chunks.map(({ id }) => id.toString("hex")));

/** Data across the borders of segments, holes of more than a segment, and an end that is a hole. */
function sparsePlace(): BackupPlace {
  const place = new BackupPlace();
  place.write("image", "");
  const borders = [0, SEGMENT_BYTES, 4 * SEGMENT_BYTES];
  const patches = borders.map((border, index) => ({
    at: Math.max(0, border - 2_500_000),
    bytes: noise(6_000_000, index + 1),
  }));
  patch(place, "image", patches, 4 * SEGMENT_BYTES + 5_000_000);
  return place;
}

test("a file of several segments gives the same chunks with one, two and three threads, before and after a change", async () => {
  const runs = [];
  const place = sparsePlace();
  for (const threads of [1, 2, 3]) {
    place.service = new MemoryService();
    rmSync(place.data, { recursive: true, force: true });
    patch(place, "image", [{ at: 3_000_000, bytes: noise(4096, 2) }]);
    await place.run({ threads });
    patch(place, "image", [
      { at: 3_000_000, bytes: noise(4096, 3) },
      { at: SEGMENT_BYTES - 2000, bytes: noise(4096, 4) },
    ]);
    await place.run({ threads });
    const entry = (await place.snapshot()).get("image")?.entry;
    runs.push({ ids: dataIds(place.service).sort(), slices: entry?.type === "file" && entry.content });
    patch(place, "image", [{ at: SEGMENT_BYTES - 2000, bytes: noise(6_000_000, 2).subarray(2_498_000, 2_502_096) }]);
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});

test("holes are not stored and stay holes, also those of many segments and the one at the end", async () => {
  const place = sparsePlace();
  expect(await added(place)).toBeLessThan(19_000_000);
  await expectSame(place, "image");
  const { entry } = (await place.snapshot()).get("image") ?? {};
  const slices = entry?.type === "file" && entry.content.kind === "slices" ? entry.content.slices : [];
  expect(slices.filter(({ kind }) => kind === "hole").length).toBe(3);
});

test("after 1 % of an image's blocks have changed anywhere, less than 18 % of it is stored", async () => {
  const place = new BackupPlace();
  const blocks = 6000;
  place.write("image", noise(blocks * 4096));
  const whole = await added(place);
  const patches = Array.from({ length: blocks / 100 }, (_, index) => ({
    at: ((index * 7919 + 13) % blocks) * 4096,
    bytes: noise(4096, index + 100),
  }));
  patch(place, "image", patches);
  expect(await added(place)).toBeLessThan(whole * 0.18);
  await expectSame(place, "image");
});

test("a line put into a text in ten places stores less than 70 kB for each", async () => {
  const place = new BackupPlace();
  const lines = Array.from(
    { length: 200_000 },
    (_, id) => `INSERT INTO items VALUES (${id}, '${noise(24, id + 1).toString("hex")}');\n`,
  );
  place.write("dump.sql", lines.join(""));
  await place.run();
  for (let place = 0; place < 10; place++)
    lines.splice(place * 19_000 + 77, 0, "INSERT INTO items VALUES (0, 'one more');\n");
  place.write("dump.sql", lines.join(""));
  expect(await added(place)).toBeLessThan(700_000);
  await expectSame(place, "dump.sql");
});

test("a large file that is only touched, renamed over or linked again sends no data", async () => {
  const place = new BackupPlace();
  place.write("image", noise(9 * MIB));
  await place.run();
  place.write("image", noise(9 * MIB));
  expect(await added(place)).toBeLessThan(20_000);
  linkSync(place.path("image"), place.path("other-name"));
  expect(await added(place)).toBeLessThan(20_000);
  patch(place, "other-name", [{ at: 5 * MIB, bytes: noise(4096, 3) }]);
  expect(await added(place)).toBeLessThan(200_000);
  await expectSame(place, "image");
  await expectSame(place, "other-name");
});

test("a run that is cut in the middle of a changed large file goes on, and sends nothing twice", async () => {
  const place = new BackupPlace();
  const size = SEGMENT_BYTES + 10 * MIB;
  place.write("image", noise(size));
  const controller = new AbortController();
  place.service.beforePack = () => {
    if (place.service.packsTaken === 4) controller.abort();
  };
  await expect(place.run({ signal: controller.signal })).rejects.toMatchObject({ code: "backup/cancelled" });
  place.service.beforePack = () => undefined;
  patch(place, "image", [{ at: 20 * MIB, bytes: noise(4096, 2) }]);
  expect(await place.run()).toMatchObject({ result: "success" });
  const ids = dataIds(place.service);
  expect(new Set(ids).size).toBe(ids.length);
  expect(place.service.storedBytes).toBeLessThan(size * 1.06);
  await expectSame(place, "image");
});

test("chunks that the service has lost are sent again, although pieces of them were known", async () => {
  const place = new BackupPlace();
  place.write("image", noise(12 * MIB));
  await place.run();
  const [lost] = [...place.service.packs].find(([, { frame }]) => frame.kind === 0) ?? [];
  place.service.packs.delete(lost ?? "");
  patch(place, "image", [{ at: 6 * MIB, bytes: noise(4096, 2) }]);
  expect(await place.run()).toMatchObject({ result: "success" });
  await expectSame(place, "image");
});

test("without the memory of pieces only the changed chunks are stored whole", async () => {
  const place = new BackupPlace();
  place.write("image", noise(12 * MIB));
  await place.run();
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${place.data}/pieces.db${suffix}`, { force: true });
  patch(place, "image", [{ at: 6 * MIB, bytes: noise(4096, 2) }]);
  const bytes = await added(place);
  expect(bytes).toBeGreaterThan(200_000);
  expect(bytes).toBeLessThan(9 * MIB);
  await expectSame(place, "image");
});
