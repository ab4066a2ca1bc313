import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { FILE_ID_BYTES, PACKED_FILE_BYTES, type Place, PlaceTable } from "./place-table.ts";

const digest = (number: number): Buffer => sha256(Buffer.from(`file ${number}`)).subarray(0, FILE_ID_BYTES);
const bundleId = (number: number): Buffer => sha256(Buffer.from(`bundle ${number}`));

function pack(files: readonly number[]): Buffer {
  const packed = Buffer.alloc(files.length * PACKED_FILE_BYTES);
  for (const [index, file] of files.entries()) {
    const at = index * PACKED_FILE_BYTES;
    digest(file).copy(packed, at);
    packed.writeUInt32LE(index * 10, at + FILE_ID_BYTES);
    packed.writeUInt32LE(file + 1, at + FILE_ID_BYTES + 4);
  }
  return packed;
}

test("it answers as a map would whose first entry counts", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat({ max: 200 }), { maxLength: 20 }), { maxLength: 20 }), (bundles) => {
      const table = new PlaceTable();
      const map = new Map<number, Place>();
      for (const [number, files] of bundles.entries()) {
        table.addBundle(bundleId(number), pack(files));
        for (const [index, file] of files.entries())
          if (!map.has(file)) map.set(file, { chunk: bundleId(number), offset: index * 10, length: file + 1 });
      }
      for (let file = 0; file <= 200; file++) expect(table.find(digest(file))).toEqual(map.get(file));
    }),
  );
});

test("a hundred thousand files are all found, and none that was not put in", () => {
  const table = new PlaceTable();
  for (let bundle = 0; bundle < 1000; bundle++)
    table.addBundle(bundleId(bundle), pack(Array.from({ length: 100 }, (_, index) => bundle * 100 + index)));
  let wrong = 0;
  for (let file = 0; file < 100_000; file++) {
    const place = table.find(digest(file));
    if (place?.length !== file + 1 || !place.chunk.equals(bundleId(Math.floor(file / 100)))) wrong++;
    if (table.find(digest(file + 100_000))) wrong++;
  }
  expect(wrong).toBe(0);
});
