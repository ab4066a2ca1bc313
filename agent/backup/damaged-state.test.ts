import { openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../base/sqlite.ts";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";

const FILES = 600;

function manyFiles(): BackupPlace {
  const place = new BackupPlace();
  place.writeMany(FILES);
  return place;
}

async function expectWhole(place: BackupPlace): Promise<void> {
  const files = await place.snapshot();
  const wrong = Array.from({ length: FILES }, (_, number) => number).filter(
    (number) => !files.get(`many/file-${number}`)?.content?.equals(noise(2000, number + 1)),
  );
  expect(wrong).toEqual([]);
}

/** Rewrites the blobs of one column. */
function alter(place: BackupPlace, table: string, column: string, change: (bytes: Buffer) => void): void {
  using db = openSqlite(join(place.data, "state.db"), { durability: "normal" });
  for (const row of db.prepare(`SELECT rowid, ${column} AS bytes FROM ${table}`).all()) {
    const { rowid, bytes } = row as { rowid: number; bytes: Uint8Array }; // As the query says.
    const altered = Buffer.from(bytes);
    change(altered);
    db.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(altered, rowid);
  }
}

test("a page of the local state that is not what it was is not believed", async () => {
  const place = manyFiles();
  await place.run();
  // Somewhere in each page's entries: an offset, a length, a size.
  alter(place, "pages", "plain", (bytes) => {
    for (let at = bytes.length - 200; at < bytes.length; at += 7) bytes[at] = (bytes[at] ?? 0) ^ 1;
  });
  place.write("many/one-more", "so that the pages are made anew");
  expect(await place.run()).toMatchObject({ result: "success", snapshot: 2 });
  await expectWhole(place);
});

test("where a small file lies is not believed when that memory is damaged", async () => {
  const place = manyFiles();
  await place.run();
  alter(place, "bundles", "files", (bytes) => {
    for (let at = 16; at < bytes.length; at += 24) bytes.writeUInt32LE(bytes.readUInt32LE(at) ^ 64, at);
  });
  place.writeMany(FILES, "copies");
  await place.run();
  const files = await place.snapshot();
  for (let number = 0; number < FILES; number++)
    expect(files.get(`copies/file-${number}`)?.content?.equals(noise(2000, number + 1))).toBe(true);
});

test("a local state with noise in its middle is put aside, and the same run goes on without it", async () => {
  const place = manyFiles();
  await place.run();
  const path = join(place.data, "state.db");
  const fd = openSync(path, "r+");
  writeSync(fd, noise(statSync(path).size - 4096, 5), 0, undefined, 4096);
  const packs = await place.newPacks(async () => {
    expect(await place.run()).toMatchObject({ result: "success", snapshot: 2 });
  });
  if (place.isOuterSame) expect(packs).toEqual([]);
  await expectWhole(place);
});
