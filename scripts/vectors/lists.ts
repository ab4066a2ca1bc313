/** Vectors for lists (format §6.5). */

import { makeChunkNamer } from "../../agent/chunk/chunk-id.ts";
import type { Slice } from "../../agent/model/entry.ts";
import { decodeList, putLists } from "../../agent/model/list.ts";
import { ByteWriter } from "../../base/bytes.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import { sliceToJson } from "../../test/support/entry-json.ts";
import { hex, KEYS, refusal, someId, spoiled } from "./fixed.ts";

export function lists() {
  const nameChunk = makeChunkNamer(KEYS.idKey);
  const cases: [string, Slice[]][] = [
    ["three slices and a hole", [chunk("a", 0, 10), hole(2 ** 45), chunk("b", 5, 20), chunk("a", 3, 7)]],
    ["nothing but a hole", [hole(1)]],
    [
      "as many slices as make a second level",
      Array.from({ length: 600 }, (_, index) => chunk(`several ${index}`, 0, 1 + (index % 1000))),
    ],
    ["more holes than a list holds", Array.from({ length: 4097 }, () => hole(3))],
  ];
  return {
    good: cases.map(([name, slices]) => {
      const lists: { id: string; bytes: string; links: string }[] = [];
      const root = putLists(slices, ({ plain, links }) => {
        const id = nameChunk(CHUNK_TYPES.list, plain);
        lists.push({ id: hex(id), bytes: hex(plain), links: hex(links) });
        return id;
      });
      return {
        name,
        idKey: hex(KEYS.idKey),
        slices: slices.length <= 1000 ? slices.map(sliceToJson) : undefined,
        count: slices.length,
        root: hex(root),
        lists,
      };
    }),
    bad: badOnes().map(({ name, bytes }) => ({ name, bytes: hex(bytes), ...refusal(name, () => decodeList(bytes)) })),
  };
}

const chunk = (name: string, offset: number, length: number): Slice => ({
  kind: "chunk",
  chunk: someId(name),
  offset,
  length,
});
const hole = (length: number): Slice => ({ kind: "hole", length });

function badOnes(): { name: string; bytes: Buffer }[] {
  const [a, b] = [someId("a"), someId("b")];
  const list = (
    name: string,
    items: (out: ByteWriter) => unknown,
    { ids = [a], level = 0, idCount = ids.length }: { ids?: Buffer[]; level?: number; idCount?: number } = {},
  ) => {
    const out = new ByteWriter().bytes(Buffer.from("HFLS")).u8(1).u8(level).varint(idCount);
    for (const id of ids) out.bytes(id);
    items(out);
    return { name, bytes: out.take() };
  };
  const right = list("right", (out) => out.varint(2).varint(1).varint(0).varint(9).varint(0).varint(5)).bytes;
  decodeList(right);
  return [
    ...spoiled(right, "HFLS"),
    list("of an impossible level", (out) => out.varint(1).varint(0).varint(1), { level: 9 }),
    list("more ids than there is room for", (out) => out.varint(0), { idCount: 2 ** 40 }),
    list("more items than there is room for", (out) => out.varint(2 ** 40)),
    list("one item too many", (out) => out.varint(2).varint(1).varint(0).varint(9)),
    list("one item too few", (out) => out.varint(1).varint(1).varint(0).varint(9).varint(0).varint(5)),
    list("an overlong count", (out) => out.u8(0x81).u8(0).varint(1).varint(0).varint(9)),
    list(
      "an id that stands twice",
      (out) => out.varint(2).varint(1).varint(0).varint(9).varint(2).varint(0).varint(9),
      { ids: [a, a] },
    ),
    list("an id that is not used", (out) => out.varint(1).varint(1).varint(0).varint(9), { ids: [a, b] }),
    list(
      "ids that are used out of order",
      (out) => out.varint(2).varint(2).varint(0).varint(9).varint(1).varint(0).varint(9),
      { ids: [a, b] },
    ),
    list("an id that is not there", (out) => out.varint(1).varint(3).varint(0).varint(9)),
    list("an empty hole", (out) => out.varint(2).varint(1).varint(0).varint(9).varint(0).varint(0)),
    list("an empty slice", (out) => out.varint(1).varint(1).varint(4).varint(0)),
    list("a slice beyond 4 MiB", (out) => out.varint(1).varint(1).varint(4_194_304).varint(1)),
    list("a child that is not there", (out) => out.varint(1).varint(1).varint(9), { level: 1 }),
    list("a child that is not used", (out) => out.varint(1).varint(0).varint(9), { level: 1, ids: [a, b] }),
    list("a child that is cut", (out) => out.varint(1).varint(0), { level: 1 }),
  ];
}
