/** Arbitrary entries for property tests: any names, times, modes, owners, attributes and contents that the format allows. */
import fc from "fast-check";
import type { Content, Entry, EntryBase, Slice } from "../../agent/model/entry.ts";
import { comparePaths } from "../../agent/model/path-order.ts";
import { sha256 } from "../../base/digest.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";

const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));

/** Few different bytes, so that prefixes are shared often; some of any kind. */
const component = fc
  .array(fc.oneof(fc.constantFrom(0x2e, 0x2d, 0x30, 0x61, 0x62, 0xc3, 0xff), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((codes) => Buffer.from(codes.filter((code) => code !== 0x2f)))
  .filter((name) => name.length > 0 && name.toString("latin1") !== "." && name.toString("latin1") !== "..");

export const anyPath: fc.Arbitrary<Buffer> = fc
  .array(component, { minLength: 1, maxLength: 5 })
  .map((components) => Buffer.from(components.map((each) => each.toString("latin1")).join("/"), "latin1"));

/** One of few, so that some are equal. */
const anyId = fc.integer({ min: 0, max: 40 }).map((number) => sha256(Buffer.of(number)));

const anySlice: fc.Arbitrary<Slice> = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 40 }).map((length): Slice => ({ kind: "hole", length })),
  fc.tuple(anyId, fc.integer({ min: 0, max: CHUNK_BYTES_MAX - 1 }), fc.nat()).map(
    ([chunk, offset, size]): Slice => ({
      kind: "chunk",
      chunk,
      offset,
      length: 1 + (size % (CHUNK_BYTES_MAX - offset)),
    }),
  ),
);

export const anySlices = (maxLength: number) => fc.array(anySlice, { maxLength });

const anyAttributes = fc
  .uniqueArray(fc.record({ name: bytes(0, 12), value: bytes(0, 30) }), {
    maxLength: 4,
    selector: ({ name }) => name.toString("latin1"),
  })
  .map((attributes) => attributes.sort((a, b) => Buffer.compare(a.name, b.name)));

const id32 = fc.integer({ min: 0, max: 4_294_967_295 });
const anyBase: fc.Arbitrary<EntryBase> = fc.record({
  path: anyPath,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  owner: fc.record({
    uid: fc.oneof(fc.constantFrom(0, 1000), id32),
    gid: fc.oneof(fc.constantFrom(0, 100), id32),
    user: fc.constantFrom("", "root", "größe"),
    group: fc.constantFrom("", "users"),
  }),
  mtimeSeconds: fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 45), max: 2 ** 45 })),
  mtimeNanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
  attributes: anyAttributes,
  linkGroup: fc.option(bytes(8, 8), { nil: undefined }),
});

const anyContent: fc.Arbitrary<{ sizeBytes: number; content: Content }> = fc.oneof(
  anySlices(32).map((slices) => ({
    sizeBytes: slices.reduce((sum, { length }) => sum + length, 0),
    content: { kind: "slices" as const, slices },
  })),
  fc
    .tuple(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), anyId)
    .map(([sizeBytes, list]) => ({ sizeBytes, content: { kind: "list" as const, list } })),
  fc.nat().map((sizeBytes) => ({ sizeBytes, content: { kind: "missing" as const } })),
);

export const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc
    .tuple(anyBase, anyContent, fc.boolean())
    .map(([base, file, changing]): Entry => ({ ...base, type: "file", ...file, changing })),
  fc.tuple(anyBase, fc.constantFrom("folder", "fifo", "socket")).map(([base, type]): Entry => ({ ...base, type })),
  fc.tuple(anyBase, bytes(0, 40)).map(([base, target]): Entry => ({ ...base, type: "symlink", target })),
  fc
    .tuple(anyBase, fc.constantFrom("character-device", "block-device"), fc.nat(), fc.nat())
    .map(([base, type, major, minor]): Entry => ({ ...base, type, major, minor })),
);

/** In path order, each path once. */
export const anyEntries = (maxLength: number): fc.Arbitrary<Entry[]> =>
  fc
    .uniqueArray(anyEntry, { maxLength, selector: ({ path }) => path.toString("latin1") })
    .map((entries) => entries.sort((a, b) => comparePaths(a.path, b.path)));
