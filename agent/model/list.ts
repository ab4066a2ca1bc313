/** Lists hold the slices of files that have too many for an entry (format §6.5). */
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { malformed } from "../../protocol/malformed.ts";
import type { Slice } from "./entry.ts";
import { IdList, IdTable } from "./id-list.ts";
import type { EncodedPage } from "./page.ts";
import { decodeSlice, encodeSlice, slicesLength } from "./slice-codec.ts";

export interface ListChild {
  readonly list: Buffer;
  readonly bytes: number;
}

export type List =
  | { readonly level: 0; readonly slices: readonly Slice[] }
  | { readonly level: number; readonly children: readonly ListChild[] };

const ITEMS_MIN = 256;
const ITEMS_MAX = 4096;
const CUT_ONE_IN = 1024;

/** Encodes `slices` into lists, hands each to `put`, which gives its id, and returns the root's id. */
export function putLists(slices: readonly Slice[], put: (list: EncodedPage) => Buffer): Buffer {
  let children = groups(slices, (slice) => (slice.kind === "chunk" ? slice.chunk : undefined)).map((group) => ({
    list: put(encodeSlices(group)),
    bytes: slicesLength(group),
  }));
  for (let level = 1; children.length > 1; level++) {
    children = groups(children, (child) => child.list).map((group) => ({
      list: put(encodeChildren(level, group)),
      bytes: group.reduce((sum, child) => sum + child.bytes, 0),
    }));
  }
  return children[0]?.list ?? put(encodeSlices([]));
}

export function decodeList(plain: Uint8Array): List {
  const reader = new ByteReader(plain, malformed("list"));
  reader.magic("HFLS");
  if (reader.u8() !== 1) reader.fail("its version is unknown");
  const level = reader.u8();
  if (level > 8) reader.fail("its level is not possible");
  const ids = new IdTable(reader);
  const count = reader.count(2);
  const list: List =
    level === 0
      ? { level, slices: Array.from({ length: count }, () => decodeSlice(reader, ids)) }
      : {
          level,
          children: Array.from({ length: count }, () => ({ list: ids.get(reader.varint()), bytes: reader.varint() })),
        };
  ids.end();
  reader.end();
  return list;
}

function encodeSlices(slices: readonly Slice[]): EncodedPage {
  return encode(0, slices.length, (ids, body) => {
    for (const slice of slices) encodeSlice(slice, ids, body);
  });
}

function encodeChildren(level: number, children: readonly ListChild[]): EncodedPage {
  return encode(level, children.length, (ids, body) => {
    for (const child of children) body.varint(ids.indexOf(child.list)).varint(child.bytes);
  });
}

function encode(level: number, count: number, write: (ids: IdList, body: ByteWriter) => void): EncodedPage {
  const ids = new IdList();
  const body = new ByteWriter(count * 8);
  write(ids, body);
  const out = new ByteWriter(body.length + ids.length * 32 + 64).bytes(Buffer.from("HFLS")).u8(1).u8(level);
  ids.encode(out);
  return { plain: out.varint(count).bytes(body.view()).take(), links: ids.links() };
}

/** Cuts where the id that an item refers to says so, so that a change in one place leaves the other lists as they were. */
function groups<Item>(items: readonly Item[], idOf: (item: Item) => Buffer | undefined): Item[][] {
  const result: Item[][] = [];
  let group: Item[] = [];
  for (const item of items) {
    group.push(item);
    const id = idOf(item);
    const isCut = group.length >= ITEMS_MIN && id !== undefined && id.readUInt32LE(0) % CUT_ONE_IN === 0;
    if (!isCut && group.length < ITEMS_MAX) continue;
    result.push(group);
    group = [];
  }
  if (group.length > 0) result.push(group);
  return result;
}
