/** Names a plaintext within its vault (format §4). */
import { CHUNK_TYPES, type ChunkType } from "../../protocol/pack-format.ts";
import { codec } from "./codec.ts";

export type ChunkNamer = (type: ChunkType, plain: Uint8Array) => Buffer;

export function makeChunkNamer(idKey: Uint8Array): ChunkNamer {
  const namers = new Map(
    Object.values(CHUNK_TYPES).map((type) => [type, codec.makeHmac(idKey, Uint8Array.of(type))] as const),
  );
  return (type, plain) => (namers.get(type) ?? codec.makeHmac(idKey, Uint8Array.of(type)))(plain);
}

/** A keyed digest of a small file's content, for finding it again; it never leaves the machine. */
export const makeFileNamer = (idKey: Uint8Array): ((content: Uint8Array) => Buffer) =>
  codec.makeHmac(idKey, Uint8Array.of(0));
