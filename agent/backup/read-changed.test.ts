/** A large file, version after version, through the reading thread's code and the local memory of pieces, into a store that only remembers. */
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { noise } from "../../test/support/entries-to-store.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { makeChunkNamer, makeFileNamer } from "../chunk/chunk-id.ts";
import { PIECE_BYTES_MAX, pieceKey } from "../chunk/pieces.ts";
import { makeSplitter } from "../chunk/splitter.ts";
import { findOnDisk } from "../disk/found.ts";
import { PieceStore } from "../state/piece-store.ts";
import { makeCell } from "./cell.ts";
import { LargeFile } from "./large-file.ts";
import type { ReadContext } from "./read-context.ts";
import { readLargeFile } from "./read-large-file.ts";

const KEY = Buffer.alloc(32, 9);
const MIB = 1024 * 1024;
const KIB = 1024;

class Versions {
  readonly path = join(tempFolder(), "file");
  readonly chunks = new Map<string, Buffer>();
  readonly #pieces = new PieceStore(join(tempFolder(), "pieces.db"));
  readonly #context: ReadContext;
  newBytes = 0;
  newChunks = 0;

  constructor(bufferBytes = 8 * MIB) {
    const keyOf = (id: Uint8Array) => Buffer.from(id).toString("latin1");
    this.#context = {
      splitter: makeSplitter(KEY, bufferBytes),
      nameChunk: makeChunkNamer(KEY),
      nameFile: makeFileNamer(KEY),
      ask: async (_, id) => {
        const ids = Array.from({ length: id.length / 32 }, (__, index) => id.subarray(index * 32, index * 32 + 32));
        return Uint8Array.from(ids, (each) => (this.chunks.has(keyOf(each)) ? 1 : 0));
      },
      filler: {
        add: async ({ id, plain }) => {
          this.chunks.set(keyOf(id), Buffer.from(plain));
          this.newBytes += plain.length;
          this.newChunks++;
          return plain.length;
        },
      },
    };
  }

  /** What the slices of this version say that the file holds. */
  async store(content: Buffer, isStored: (chunk: Buffer) => boolean = () => true): Promise<Buffer> {
    writeFileSync(this.path, content);
    const { read, slices } = await this.read(isStored);
    expect(read).toMatchObject({ sizeBytes: content.length, changing: false });
    return Buffer.concat(
      slices.map((slice) => {
        if (slice.kind === "hole") return Buffer.alloc(slice.length);
        const plain = this.chunks.get(slice.chunk.toString("latin1"));
        return plain?.subarray(slice.offset, slice.offset + slice.length) ?? Buffer.from("lost");
      }),
    );
  }

  async read(isStored: (chunk: Buffer) => boolean = () => true) {
    [this.newBytes, this.newChunks] = [0, 0];
    const found = findOnDisk(Buffer.from(this.path.slice(1)));
    if (!found) throw new Error("the file is gone");
    const store = this.#pieces;
    const file = new LargeFile(makeCell(found, undefined), { store, pieceKey: pieceKey(KEY, store.salt), isStored });
    while (file.hasMore) {
      const segment = file.next();
      file.take(segment, await readLargeFile(found, segment.segment, this.#context));
    }
    expect(file.trouble).toBeUndefined();
    return file.finish();
  }

  forget(): void {
    this.#pieces.sweep(() => false, 1000);
  }
}

type Edit = (content: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const seed = fc.nat({ max: 1_000_000 });
const little = fc.integer({ min: 1, max: 5000 });
const at = (content: Buffer, where: number) => Math.floor(where * content.length);

/** Each brings at most 5,000 new bytes, and touches at most three places. */
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, little, seed).map(
    ([where, length, from]): Edit =>
      (content) => {
        const changed = Buffer.from(content);
        noise(length, from).copy(changed, at(content, where));
        return changed;
      },
  ),
  fc.tuple(place, little, seed).map(
    ([where, length, from]): Edit =>
      (content) => {
        const position = at(content, where);
        return Buffer.concat([content.subarray(0, position), noise(length, from), content.subarray(position)]);
      },
  ),
  fc.tuple(place, fc.nat({ max: 2 * MIB })).map(
    ([where, length]): Edit =>
      (content) => {
        const position = at(content, where);
        return Buffer.concat([content.subarray(0, position), content.subarray(position + length)]);
      },
  ),
  fc.tuple(place, place, fc.nat({ max: MIB })).map(
    ([from, to, length]): Edit =>
      (content) => {
        const start = at(content, from);
        const block = content.subarray(start, start + length);
        const rest = Buffer.concat([content.subarray(0, start), content.subarray(start + length)]);
        return Buffer.concat([rest.subarray(0, at(rest, to)), block, rest.subarray(at(rest, to))]);
      },
  ),
);

test("whatever is done to a file, its slices make up what it holds, and little more than what is new is stored", async () => {
  const rounds = fc.array(fc.array(edits, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(rounds, async (all) => {
      const versions = new Versions();
      let content = noise(6 * MIB, 77);
      expect((await versions.store(content)).equals(content)).toBe(true);
      for (const round of all) {
        for (const edit of round) content = edit(content);
        expect((await versions.store(content)).equals(content)).toBe(true);
        // At each of three places the new bytes, and what they tore a piece from on both sides; short pieces are joined.
        expect(versions.newBytes).toBeLessThan(round.length * (5000 + 6 * PIECE_BYTES_MAX) + 4 * PIECE_BYTES_MAX);
      }
    }),
    { numRuns: 12 },
  );
});

test("one changed block of 4 KiB stores one piece, and a file that was only touched nothing", async () => {
  const versions = new Versions();
  const content = noise(9 * MIB, 5);
  await versions.store(content);
  await versions.store(content);
  expect(versions.newBytes).toBe(0);
  noise(4096, 6).copy(content, 1000 * 4096);
  expect((await versions.store(content)).equals(content)).toBe(true);
  expect(versions.newChunks).toBe(1);
  expect(versions.newBytes).toBeLessThan(PIECE_BYTES_MAX);
});

test("the same file gives the same chunks whatever the buffer's size", async () => {
  const first = noise(9 * MIB, 8);
  const second = Buffer.concat([
    first.subarray(0, 3 * MIB),
    noise(5000, 9),
    first.subarray(3 * MIB),
    noise(5 * MIB, 10),
  ]);
  noise(4096, 11).copy(second, 777_777);
  const results = [];
  for (const bytes of [6 * MIB, 6 * MIB + 12_345, 8 * MIB, 20 * MIB]) {
    const versions = new Versions(bytes);
    await versions.store(first);
    expect((await versions.store(second)).equals(second)).toBe(true);
    results.push([...versions.chunks.keys()].sort().join());
  }
  expect(new Set(results).size).toBe(1);
});

test("a line put into a text whose lines begin alike stores what is around it", async () => {
  const versions = new Versions();
  const prefix = "INSERT INTO customers (id, name, address, city, country, phone, email, created) VALUES (";
  const lines = Array.from({ length: 60_000 }, (_, id) => `${prefix}${id}, 'name ${id * 7919}');\n`);
  await versions.store(Buffer.from(lines.join("")));
  for (const line of [50_000, 20_000, 20_001, 3]) lines.splice(line, 0, `${prefix}0, 'a new one');\n`);
  const content = Buffer.from(lines.join(""));
  expect((await versions.store(content)).equals(content)).toBe(true);
  expect(versions.newBytes).toBeLessThan(8 * PIECE_BYTES_MAX);
});

test("runs of zeros, repeated blocks and what begins like a piece are told apart from it", async () => {
  const versions = new Versions();
  const block = noise(64 * KIB, 3);
  const alike = Array.from({ length: 40 }, (_, index) =>
    Buffer.concat([Buffer.alloc(2000), noise(62 * KIB, index + 1), Buffer.alloc(48)]),
  );
  const parts = [...alike, ...Array.from({ length: 30 }, () => block), Buffer.alloc(3 * MIB)];
  await versions.store(Buffer.concat(parts));
  const content = Buffer.concat([
    noise(100, 4),
    Buffer.alloc(10_000),
    ...parts.toReversed(),
    Buffer.alloc(200_000),
    block.subarray(1),
  ]);
  expect((await versions.store(content)).equals(content)).toBe(true);
});

test("pieces whose chunk the service does not have are stored again", async () => {
  const versions = new Versions();
  const content = noise(6 * MIB, 12);
  await versions.store(content);
  const [lost] = versions.chunks.keys();
  const bytes = versions.chunks.get(lost ?? "")?.length ?? 0;
  versions.chunks.delete(lost ?? "");
  content[5 * MIB] = (content[5 * MIB] ?? 0) ^ 1;
  const stored = await versions.store(content, (chunk) => chunk.toString("latin1") !== lost);
  expect(stored.equals(content)).toBe(true);
  expect(versions.newBytes).toBeGreaterThanOrEqual(bytes);
  expect(versions.newBytes).toBeLessThan(bytes + 2 * PIECE_BYTES_MAX);
});

test("when the memory of pieces is lost whole chunks are stored, and only those that changed", async () => {
  const versions = new Versions();
  const content = noise(20 * MIB, 13);
  await versions.store(content);
  versions.forget();
  content[10 * MIB] = (content[10 * MIB] ?? 0) ^ 1;
  expect((await versions.store(content)).equals(content)).toBe(true);
  expect(versions.newBytes).toBeGreaterThan(PIECE_BYTES_MAX);
  expect(versions.newBytes).toBeLessThanOrEqual(8 * MIB);
});

test("after fifty rounds of scattered changes the file lies in chunks of at most three times its size, and each round stores as little", async () => {
  const versions = new Versions();
  const content = noise(8 * MIB, 14);
  await versions.store(content);
  const stored: number[] = [];
  for (let round = 1; round <= 50; round++) {
    // 1 % of the blocks of 4 KiB.
    for (let block = 0; block < 20; block++)
      noise(4096, round * 100 + block).copy(content, ((round * 7919 + block * 104_729) % 2048) * 4096);
    writeFileSync(versions.path, content);
    await versions.read();
    stored.push(versions.newBytes);
  }
  const { slices } = await versions.read();
  const chunks = new Set(slices.flatMap((slice) => (slice.kind === "chunk" ? [slice.chunk.toString("latin1")] : [])));
  const held = [...chunks].reduce((sum, chunk) => sum + (versions.chunks.get(chunk)?.length ?? 0), 0);
  expect(held).toBeLessThan(3 * content.length);
  expect(slices.length).toBeLessThanOrEqual((content.length / (64 * KIB)) * 1.2);
  expect(Math.max(...stored)).toBeLessThan(content.length / 3);
  expect(stored.reduce((sum, bytes) => sum + bytes, 0) / 50).toBeLessThan(content.length / 4);
});

test("a sparse image of 64 GiB with data at both ends and in its middle is read in a few steps, and its holes stay holes", async () => {
  const versions = new Versions();
  const size = 64 * 1024 * MIB;
  writeFileSync(versions.path, noise(300 * KIB, 15));
  truncateSync(versions.path, size / 2);
  writeFileSync(versions.path, noise(300 * KIB, 16), { flag: "a" });
  truncateSync(versions.path, size - MIB);
  writeFileSync(versions.path, noise(MIB, 17), { flag: "a" });
  const { read, slices } = await versions.read();
  expect(read.sizeBytes).toBe(size);
  expect(slices.reduce((sum, { length }) => sum + length, 0)).toBe(size);
  expect(slices.filter(({ kind }) => kind === "hole").length).toBe(2);
  expect(versions.newBytes).toBeLessThan(3 * MIB);
  await versions.read();
  expect(versions.newBytes).toBe(0);
});
