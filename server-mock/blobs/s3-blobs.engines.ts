import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { blob, blobsConformance } from "../../test/conformance/blobs.ts";
import { s3Place } from "../../test/support/s3.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { s3Blobs } from "./s3-blobs.ts";
import type { S3Place } from "./s3-place.ts";

async function opened(place: S3Place = s3Place(), more: { uploadsMax?: number } = {}) {
  const incoming = tempFolder();
  const blobs = await s3Blobs({ place, incoming, random: systemRandom, ...more });
  onTestFinished(() => blobs.close());
  return { ...blobs, incoming };
}

blobsConformance("S3", opened);

test("a pack of the largest size is kept, and read again in ranges", async () => {
  const blobs = await opened();
  const bytes = randomBytes(64 * 1024 * 1024);
  await blobs.put(blob("packs/aa/11", bytes));
  expect((await blobs.find("packs/aa/11"))?.sizeBytes).toBe(bytes.length);
  const pieces: Buffer[] = [];
  const range = { start: 12_345_678, end: 45_678_901 };
  await blobs.pour("packs/aa/11", range, async (piece) => void pieces.push(Buffer.from(piece)));
  expect(Buffer.concat(pieces).equals(bytes.subarray(range.start, range.end))).toBe(true);
  expect(await readdir(blobs.incoming)).toEqual([]);
});

test("a long list is listed to its end, though the server's pages are short", async () => {
  const blobs = await opened();
  const names = Array.from({ length: 2100 }, (_, index) => `records/aa/${String(index).padStart(5, "0")}`);
  const bytes = randomBytes(8);
  for (let at = 0; at < names.length; at += 50)
    await Promise.all(names.slice(at, at + 50).map((name) => blobs.put(blob(name, bytes))));
  const found: string[] = [];
  for await (const name of blobs.list("records")) found.push(name);
  expect(found.toSorted()).toEqual(names);
});

test("two prefixes of one bucket know nothing of each other", async () => {
  const place = s3Place();
  const [one, other] = [
    await opened({ ...place, prefix: `${place.prefix}/a` }),
    await opened({ ...place, prefix: "" }),
  ];
  await one.put(blob("packs/aa/11", randomBytes(10)));
  expect(await other.find("packs/aa/11")).toBeUndefined();
  expect(await other.find(`${place.prefix}/a/packs/aa/11`)).toBeDefined();
});

test("processes that put one name at the same moment agree on who was first", async () => {
  const place = s3Place();
  const all = await Promise.all([1, 2, 3, 4].map(() => opened(place)));
  const bytes = randomBytes(100_000);
  const answers = await Promise.all(all.map((blobs) => blobs.put(blob("packs/aa/11", bytes))));
  expect(answers.filter(({ known }) => !known)).toHaveLength(1);
});

test("while as many are received as may be, one more is asked to come back", async () => {
  const blobs = await opened(s3Place(), { uploadsMax: 1 });
  const bytes = randomBytes(10);
  const source = new PassThrough();
  const first = blobs.put({ ...blob("packs/aa/11", bytes), source });
  await expect(blobs.put(blob("packs/aa/22", bytes))).rejects.toMatchObject({ code: "request/too-many" });
  source.end(bytes);
  await first;
});

test.each([
  ["a bucket that is not there", { bucket: "holdfast-nowhere" }, "config/invalid"],
  ["a wrong secret", { credentials: { accessKeyId: "holdfast-tests", secretAccessKey: "x" } }, "config/invalid"],
  ["a server that is not there", { endpoint: "http://127.0.0.1:9" }, "storage/failed"],
])("%s is told when it is opened", async (_, change, code) => {
  await expect(opened({ ...s3Place(), ...change })).rejects.toMatchObject({ code });
});
