import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openSqlite } from "../../base/sqlite.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { decodePieces, PieceEncoder, type PlacedPiece } from "./piece-codec.ts";
import { PieceStore } from "./piece-store.ts";

const A = Buffer.from("a/file");
const B = Buffer.from("b/file");
const newPath = () => join(tempFolder(), "pieces.db");
const row = (segment: number, text: string) => ({ segment, pieces: Buffer.from(text) });
const found = (store: PieceStore, path = A) =>
  store.find(path, 99, 0, 99).map(({ segment, pieces }) => `${segment} ${pieces}`);

test("what was put is found again, in order, and only of that file and those segments", () => {
  const path = newPath();
  {
    using store = new PieceStore(path);
    const version = store.begin(A);
    for (const segment of [2, 0, 1]) store.put(A, version, row(segment, "old"));
    store.put(B, store.begin(B), row(0, "other"));
    expect(found(store)).toEqual(["0 old", "1 old", "2 old"]);
    expect(store.find(A, 99, 1, 1).map(({ segment }) => segment)).toEqual([1]);
  }
  using store = new PieceStore(path);
  expect(found(store, B)).toEqual(["0 other"]);
  expect(found(store).length).toBe(3);
});

test("a segment's new pieces take the place of its old ones; when all are there the rest of the old ones is gone", () => {
  using store = new PieceStore(newPath());
  const first = store.begin(A);
  for (const segment of [0, 1, 2]) store.put(A, first, row(segment, "old"));
  const next = store.begin(A);
  store.put(A, next, row(1, "new"));
  expect(found(store)).toEqual(["0 old", "1 new", "2 old"]);
  expect(store.find(A, next, 0, 9).map(({ segment }) => segment)).toEqual([0, 2]);
  store.put(A, next, row(0, "new"));
  store.finish(A, next);
  expect(found(store)).toEqual(["0 new", "1 new"]);
});

test("files that are gone are forgotten after a few sweeps, however many stay", () => {
  using store = new PieceStore(newPath());
  const paths = Array.from({ length: 25 }, (_, index) => Buffer.from(`file ${index}`));
  for (const path of paths) store.put(path, store.begin(path), row(0, "x"));
  let looks = 0;
  for (let sweep = 0; sweep < 4; sweep++)
    store.sweep((path) => {
      looks++;
      return Number(String(path).slice(5)) % 3 === 0;
    }, 10);
  expect(looks).toBe(34); // All 25, then the 9 that are left.
  expect(paths.filter((path) => found(store, path).length > 0).length).toBe(9);
});

test("a row that was altered is not found", () => {
  const path = newPath();
  {
    using store = new PieceStore(path);
    store.put(A, store.begin(A), row(0, "right"));
    store.put(A, 1, row(1, "right"));
  }
  const db = openSqlite(path, { durability: "normal" });
  db.exec("UPDATE pieces SET pieces = x'77' WHERE segment = 0");
  db.close();
  using store = new PieceStore(path);
  expect(found(store)).toEqual(["1 right"]);
});

test("a file that is no database gives way to a new one; a store that can't be opened knows nothing and says nothing", () => {
  const path = newPath();
  writeFileSync(path, noise(20_000));
  {
    using store = new PieceStore(path);
    store.put(A, store.begin(A), row(0, "x"));
    expect(found(store)).toEqual(["0 x"]);
  }
  using nowhere = new PieceStore(join(path, "below-a-file"));
  nowhere.put(A, nowhere.begin(A), row(0, "x"));
  nowhere.finish(A, 1);
  nowhere.sweep(() => false, 10);
  expect(found(nowhere)).toEqual([]);
  expect(nowhere.salt.length).toBe(16);
  expect(existsSync(path)).toBe(true);
});

test("each store has a salt of its own, and keeps it", () => {
  const paths = [newPath(), newPath()];
  const salts = [...paths, ...paths].map((path) => {
    using store = new PieceStore(path);
    return store.salt.toString("hex");
  });
  expect(salts[0]).not.toBe(salts[1]);
  expect(salts.slice(2)).toEqual(salts.slice(0, 2));
});

test("pieces and holes are decoded as they were encoded", () => {
  const piece = fc.record({
    chunk: fc.nat({ max: 300 }),
    offset: fc.nat({ max: 4_194_304 }),
    length: fc.integer({ min: 1, max: 4_194_304 }),
    start: fc.nat({ max: 2 ** 32 - 1 }),
    inner: fc.nat({ max: 2 ** 32 - 1 }),
    digest: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
  });
  const item = fc.oneof(piece, fc.integer({ min: 1, max: 2 ** 40 }));
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 4_194_304 }), { maxLength: 20 }), fc.array(item), (chunks, items) => {
      const encoder = new PieceEncoder();
      for (const [index, bytes] of chunks.entries()) encoder.chunk(noise(32, index + 1), bytes);
      for (const each of items) typeof each === "number" ? encoder.hole(each) : encoder.piece(each);
      const decoded: (number | PlacedPiece)[] = [];
      const ids: [string, number][] = [];
      decodePieces(encoder.take(), {
        chunk: (id, bytes) => void ids.push([id.toString("hex"), bytes]),
        piece: (each) => void decoded.push(each),
        hole: (length) => void decoded.push(length),
      });
      expect(ids).toEqual(chunks.map((bytes, index) => [noise(32, index + 1).toString("hex"), bytes]));
      expect(decoded).toEqual(items);
    }),
  );
});
