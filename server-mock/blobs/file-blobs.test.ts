import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { blob, blobsConformance } from "../../test/conformance/blobs.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { packName, recordName } from "./blobs.ts";
import { clearStorage, fileBlobs } from "./file-blobs.ts";
import { receive } from "./receive.ts";

const PIECE = 64 * 1024;

blobsConformance("a folder", async () => {
  const folder = tempFolder();
  await clearStorage(folder);
  return fileBlobs({ folder, random: systemRandom, freeBytesMin: 0 });
});

test("names are those of the storage folder's specification", () => {
  expect(packName("0a", "bc12")).toBe("packs/0a/bc/bc12");
  expect(recordName("0a", 12, "ff")).toBe("records/0a/0000000000000012-ff");
});

test("a disk that is nearly full takes nothing", async () => {
  const folder = tempFolder();
  await clearStorage(folder);
  const blobs = fileBlobs({ folder, random: systemRandom, freeBytesMin: Number.MAX_SAFE_INTEGER });
  await expect(blobs.put(blob("packs/aa/11", randomBytes(10)))).rejects.toMatchObject({ code: "storage/full" });
  expect(await readdir(join(folder, "incoming"))).toEqual([]);
});

test("while as many are written as may be, one more is asked to come back and nothing of it is read", async () => {
  const folder = tempFolder();
  await clearStorage(folder);
  const blobs = fileBlobs({ folder, random: systemRandom, freeBytesMin: 0, uploadsMax: 1 });
  const bytes = randomBytes(10);
  const open = new PassThrough();
  const first = blobs.put({ ...blob("packs/aa/11", bytes), source: open });
  const untouched = new PassThrough();
  const second = blobs.put({ ...blob("packs/aa/22", bytes), source: untouched });
  await expect(second).rejects.toMatchObject({ code: "request/too-many" });
  expect(untouched.listenerCount("data")).toBe(0);
  open.end(bytes);
  await first;
  expect(await blobs.put(blob("packs/aa/22", bytes))).toEqual({ known: false });
});

test("a disk that takes nothing stops the sender at two writes' worth and a piece", async () => {
  const sent: number[] = [];
  const source = new PassThrough({ highWaterMark: PIECE });
  source.on("data", (piece: Buffer) => sent.push(piece.length));
  const writes: (() => void)[] = [];
  const file = {
    writev: (pieces: readonly Buffer[]) =>
      new Promise((resolve) =>
        writes.push(() => resolve({ bytesWritten: pieces.reduce((sum, { length }) => sum + length, 0) })),
      ),
  } as unknown as FileHandle; // All that receiving asks of a file.
  const writeBytes = 4 * PIECE;
  const received = receive(file, source, { sizeBytesMax: 100 * PIECE, room: { writeBytes } });
  const total = () => sent.reduce((sum, length) => sum + length, 0);
  for (let piece = 0; piece < 100; piece++) {
    source.write(Buffer.alloc(PIECE));
    await nextTurn();
  }
  source.end();
  expect(writes.length).toBe(1);
  expect(total()).toBeLessThanOrEqual(2 * writeBytes + PIECE);
  while (total() < 100 * PIECE || writes.length > 0) {
    writes.shift()?.();
    await nextTurn();
  }
  expect((await received).sizeBytes).toBe(100 * PIECE);
});

test("what an earlier process left half-made is removed at the start, what is whole stays", async () => {
  const folder = tempFolder();
  await clearStorage(folder);
  await fileBlobs({ folder, random: systemRandom, freeBytesMin: 0 }).put(blob("packs/aa/11", randomBytes(10)));
  await writeFile(join(folder, "incoming", "x.part"), "half");
  await clearStorage(folder);
  expect(await readdir(join(folder, "incoming"))).toEqual([]);
  expect(await fileBlobs({ folder, random: systemRandom }).find("packs/aa/11")).toBeDefined();
});

test("a name that would leave the folder is a bug, not a file", async () => {
  const folder = tempFolder();
  await mkdir(join(folder, "incoming"));
  const blobs = fileBlobs({ folder, random: systemRandom, freeBytesMin: 0 });
  await expect(blobs.put(blob("packs/../../x", randomBytes(1)))).rejects.toMatchObject({ code: "bug/invariant" });
});

test("trouble with the folder is the storage's trouble", async () => {
  const folder = tempFolder();
  await clearStorage(folder);
  await writeFile(join(folder, "packs"), "a file where a folder should be");
  const blobs = fileBlobs({ folder, random: systemRandom, freeBytesMin: 0 });
  await expect(blobs.put(blob("packs/aa/11", randomBytes(1)))).rejects.toMatchObject({ code: "storage/failed" });
});
