import { randomBytes } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { blob, blobsConformance } from "../../test/conformance/blobs.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { packName, recordName } from "./blobs.ts";
import { clearStorage, fileBlobs } from "./file-blobs.ts";

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
