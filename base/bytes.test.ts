import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader, ByteWriter } from "./bytes.ts";

class Refused extends Error {}
const fail = (reason: string): never => {
  throw new Refused(reason);
};
const read = (bytes: Uint8Array) => new ByteReader(bytes, fail);

type Field =
  | { readonly kind: "u8" | "u16" | "u32" | "varint" | "svarint" | "i64"; readonly value: number }
  | { readonly kind: "u64"; readonly value: bigint }
  | { readonly kind: "string"; readonly value: Buffer };

const numberField = (kind: "u8" | "u16" | "u32" | "varint" | "svarint" | "i64", min: number, max: number) =>
  fc.integer({ min, max }).map((value): Field => ({ kind, value }));

const anyField: fc.Arbitrary<Field> = fc.oneof(
  numberField("u8", 0, 255),
  numberField("u16", 0, 65_535),
  numberField("u32", 0, 4_294_967_295),
  numberField("varint", 0, Number.MAX_SAFE_INTEGER),
  numberField("svarint", -(2 ** 52) + 1, 2 ** 52 - 1),
  numberField("i64", -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): Field => ({ kind: "u64", value })),
  fc.uint8Array({ maxLength: 300 }).map((value): Field => ({ kind: "string", value: Buffer.from(value) })),
);

function write(fields: readonly Field[]): Buffer {
  const out = new ByteWriter(1); // Grows from the start.
  for (const field of fields) {
    if (field.kind === "string") out.string(field.value);
    else if (field.kind === "u64") out.u64(field.value);
    else out[field.kind](field.value);
  }
  return out.take();
}

function readBack(reader: ByteReader, fields: readonly Field[]): unknown[] {
  return fields.map(({ kind }) => (kind === "i64" ? reader.i64Number() : reader[kind]()));
}

test("whatever is written is read again, and nothing is left", () => {
  fc.assert(
    fc.property(fc.array(anyField, { maxLength: 20 }), (fields) => {
      const reader = read(write(fields));
      expect(readBack(reader, fields)).toEqual(fields.map(({ value }) => value));
      expect(reader.left).toBe(0);
      reader.end();
    }),
  );
});

test("what is cut anywhere is refused, never read past its end", () => {
  fc.assert(
    fc.property(fc.array(anyField, { minLength: 1, maxLength: 8 }), fc.nat(), (fields, at) => {
      const bytes = write(fields);
      const length = at % bytes.length;
      // In the middle of a larger buffer: reading on would not be noticed otherwise.
      const source = Buffer.concat([Buffer.alloc(16, 1), bytes.subarray(0, length), Buffer.alloc(64, 1)]);
      expect(() => readBack(read(source.subarray(16, 16 + length)), fields)).toThrow(Refused);
    }),
  );
});

test("any bytes are one varint in exactly one way, or none", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 10 }), (bytes) => {
      const reader = read(bytes);
      let value: number;
      try {
        value = reader.varint();
      } catch (error) {
        expect(error).toBeInstanceOf(Refused);
        return;
      }
      expect(Number.isSafeInteger(value)).toBe(true);
      expect(Buffer.from(bytes.subarray(0, reader.at)).equals(new ByteWriter().varint(value).take())).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("a count that the data can't hold is refused before anything is allocated", () => {
  const bytes = new ByteWriter()
    .varint(2 ** 50)
    .bytes(Buffer.alloc(100))
    .take();
  expect(() => read(bytes).count(1)).toThrow(Refused);
  const enough = new ByteWriter().varint(25).bytes(Buffer.alloc(100)).take();
  expect(read(enough).count(4)).toBe(25);
  expect(() => read(enough).count(5)).toThrow(Refused);
});

test("trailing bytes and another magic are refused", () => {
  expect(() => read(Buffer.from("x")).end()).toThrow(Refused);
  expect(() => read(Buffer.from("HFP")).magic("HFPK")).toThrow(Refused);
  expect(() => read(Buffer.from("HFPX")).magic("HFPK")).toThrow(Refused);
});

test("a number that is no safe integer is refused", () => {
  for (const value of [2n ** 53n, 2n ** 64n - 1n])
    expect(() => read(new ByteWriter().u64(value).take()).u64Number()).toThrow(Refused);
  for (const value of [2n ** 53n, -(2n ** 53n)])
    expect(() => read(new ByteWriter().i64(value).take()).i64Number()).toThrow(Refused);
});
