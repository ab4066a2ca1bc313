/** Slices of a file's content (format §6.4). */
import type { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import type { Slice } from "./entry.ts";
import type { IdList, IdTable } from "./id-list.ts";

export function encodeSlice(slice: Slice, ids: IdList, out: ByteWriter): void {
  if (slice.kind === "hole") out.varint(0).varint(slice.length);
  else
    out
      .varint(ids.indexOf(slice.chunk) + 1)
      .varint(slice.offset)
      .varint(slice.length);
}

export function decodeSlice(reader: ByteReader, ids: IdTable): Slice {
  const reference = reader.varint();
  if (reference === 0) {
    const length = reader.varint();
    if (length === 0) reader.fail("a hole is empty");
    return { kind: "hole", length };
  }
  const chunk = ids.get(reference - 1);
  const offset = reader.varint();
  const length = reader.varint();
  if (length === 0 || offset + length > CHUNK_BYTES_MAX) reader.fail("a slice is empty or exceeds a chunk");
  return { kind: "chunk", chunk, offset, length };
}

export const slicesLength = (slices: readonly Slice[]): number => slices.reduce((sum, slice) => sum + slice.length, 0);
