/** The frame of a stored pack: header, directory, trailer; what lies between is not read. */

import { PACK_SESSIONS_MAX } from "../../../protocol/limits.ts";
import { malformed } from "../../../protocol/malformed.ts";
import { decodePackFrame, type PackFrame, packHeaderBytes, TRAILER_BYTES } from "../../../protocol/pack-format.ts";
import type { Blobs } from "../../blobs/blobs.ts";

/** Throws `format/malformed` and `storage/failed`. */
export async function readFrame(blobs: Blobs, name: string, sizeBytes: number): Promise<PackFrame> {
  const fail = malformed("pack");
  const head = await read(blobs, name, 0, Math.min(sizeBytes, packHeaderBytes(PACK_SESSIONS_MAX)));
  if (sizeBytes < TRAILER_BYTES) return fail("it is too short");
  const trailer = await read(blobs, name, sizeBytes - TRAILER_BYTES, TRAILER_BYTES);
  const start = Math.min(trailer.readUInt32LE(0), sizeBytes - TRAILER_BYTES);
  const end = await read(blobs, name, start, sizeBytes - start);
  return decodePackFrame(sizeBytes, (offset, length) => {
    if (offset >= start) return end.subarray(offset - start, offset - start + length);
    if (offset + length > head.length) return fail("its directory is not where the trailer says");
    return head.subarray(offset, offset + length);
  });
}

export async function read(blobs: Blobs, name: string, offset: number, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await blobs.pour(name, { start: offset, end: offset + length }, async (piece) => {
    pieces.push(Buffer.from(piece));
  });
  return Buffer.concat(pieces);
}
