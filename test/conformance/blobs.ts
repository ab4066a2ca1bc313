/** What every implementation of `Blobs` promises. */
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Blobs, ByteRange, NewBlob } from "../../server-mock/blobs/blobs.ts";

export function blobsConformance(name: string, make: () => Promise<Blobs>): void {
  describe(`${name} keeps the promises of Blobs`, () => {
    test("what was put can be got, whole and in ranges", async () => {
      const blobs = await make();
      const bytes = randomBytes(3_000_000);
      expect(await blobs.put(blob("packs/aa/11", bytes))).toEqual({ known: false });
      expect(await blobs.get("packs/aa/11")).toEqual(bytes);
      expect(await poured(blobs, "packs/aa/11", { start: 0, end: 1 })).toEqual(bytes.subarray(0, 1));
      const middle = { start: 1_234_567, end: 2_345_678 };
      expect(await poured(blobs, "packs/aa/11", middle)).toEqual(bytes.subarray(middle.start, middle.end));
    });

    test("bytes are handed on no faster than they are taken", async () => {
      const blobs = await make();
      const bytes = randomBytes(5_000_000);
      await blobs.put(blob("packs/aa/12", bytes));
      let held = 0;
      let at = 0;
      await blobs.pour("packs/aa/12", { start: 0, end: bytes.length }, async (piece) => {
        expect(++held).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        expect(bytes.subarray(at, at + piece.length).equals(piece)).toBe(true);
        at += piece.length;
        held--;
      });
      expect(at).toBe(bytes.length);
      const refusal = new Error("gone");
      const refused = blobs.pour("packs/aa/12", { start: 0, end: bytes.length }, () => Promise.reject(refusal));
      await expect(refused).rejects.toBe(refusal);
    });

    test("a name appears only once its bytes are whole and right", async () => {
      const blobs = await make();
      const bytes = randomBytes(100_000);
      const refused: [string, Partial<NewBlob>][] = [
        ["too short", { source: pieces(bytes.subarray(1)) }],
        ["too long", { source: pieces(Buffer.concat([bytes, bytes])) }],
        ["other bytes", { source: pieces(randomBytes(bytes.length)) }],
        ["empty", { source: pieces(Buffer.alloc(0)) }],
      ];
      for (const [reason, change] of refused) {
        const put = blobs.put({ ...blob("packs/aa/22", bytes), ...change });
        await expect(put, reason).rejects.toMatchObject({ code: "pack/corrupt" });
        expect(await blobs.find("packs/aa/22"), reason).toBeUndefined();
      }
      expect(await names(blobs, "packs")).toEqual([]);
    });

    test("what the inspection refuses, and a source that breaks, leave nothing", async () => {
      const blobs = await make();
      const bytes = randomBytes(100_000);
      const refusal = new Error("refused");
      const inspect = () => {
        throw refusal;
      };
      await expect(blobs.put({ ...blob("packs/aa/33", bytes), inspect })).rejects.toBe(refusal);
      await expect(blobs.put({ ...blob("packs/aa/33", bytes), source: broken(bytes, refusal) })).rejects.toBe(refusal);
      expect(await blobs.find("packs/aa/33")).toBeUndefined();
      expect(await names(blobs, "packs")).toEqual([]);
    });

    test("the inspection reads any part of the bytes", async () => {
      const blobs = await make();
      const bytes = randomBytes(2_000_000);
      const seen: Buffer[] = [];
      const inspect: NewBlob["inspect"] = (read) => {
        seen.push(Buffer.from(read(bytes.length - 24, 24)), Buffer.from(read(0, 40)), Buffer.from(read(1_500_000, 7)));
      };
      await blobs.put({ ...blob("packs/aa/44", bytes), inspect });
      expect(seen).toEqual([bytes.subarray(-24), bytes.subarray(0, 40), bytes.subarray(1_500_000, 1_500_007)]);
    });

    test("putting a name again is harmless, also at the same time", async () => {
      const blobs = await make();
      const bytes = randomBytes(50_000);
      const answers = await Promise.all([1, 2, 3, 4].map(() => blobs.put(blob("packs/aa/55", bytes))));
      expect(answers.filter(({ known }) => !known)).toHaveLength(1);
      expect(await blobs.put(blob("packs/aa/55", bytes))).toEqual({ known: true });
      expect(await blobs.get("packs/aa/55")).toEqual(bytes);
    });

    test("names are listed below their folder, and removed one by one", async () => {
      const blobs = await make();
      const bytes = randomBytes(10);
      for (const name of ["packs/aa/66/x1", "packs/aa/66/x2", "packs/bb/66/x3", "records/aa/r1"])
        await blobs.put(blob(name, bytes));
      expect(await names(blobs, "packs/aa")).toEqual(["packs/aa/66/x1", "packs/aa/66/x2"]);
      expect(await names(blobs, "packs")).toHaveLength(3);
      expect(await names(blobs, "packs/none")).toEqual([]);
      await blobs.remove("packs/aa/66/x1");
      await blobs.remove("packs/aa/66/x1");
      expect(await names(blobs, "packs/aa")).toEqual(["packs/aa/66/x2"]);
      expect(await blobs.find("packs/bb/66/x3")).toBeDefined();
    });

    test("what is absent is not got", async () => {
      const blobs = await make();
      await expect(blobs.get("packs/aa/77")).rejects.toMatchObject({ code: "storage/failed" });
      await expect(poured(blobs, "packs/aa/77", { start: 0, end: 1 })).rejects.toMatchObject({
        code: "storage/failed",
      });
      await blobs.probe();
    });
  });
}

export const blob = (name: string, bytes: Buffer): NewBlob => ({
  name,
  source: pieces(bytes),
  sizeBytes: bytes.length,
  digest: createHash("sha256").update(bytes).digest(),
});

function pieces(bytes: Buffer): Readable {
  const count = Math.ceil(bytes.length / 65_536);
  return Readable.from(Array.from({ length: count }, (_, at) => bytes.subarray(at * 65_536, (at + 1) * 65_536)));
}

const broken = (bytes: Buffer, error: Error): Readable =>
  Readable.from(
    (async function* () {
      yield bytes.subarray(0, 1000);
      throw error;
    })(),
  );

async function poured(blobs: Blobs, name: string, range: ByteRange): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await blobs.pour(name, range, async (piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}

async function names(blobs: Blobs, folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const name of blobs.list(folder)) found.push(name);
  return found.toSorted();
}
