/** Names a plaintext within its vault (format §4). */
import { createSecretKey, type KeyObject } from "node:crypto";
import { hmacSha256 } from "../../base/digest.ts";
import type { ChunkType } from "../../protocol/pack-format.ts";

const TYPE_BYTES = Array.from({ length: 8 }, (_, type) => Uint8Array.of(type));

export type ChunkNamer = (type: ChunkType, plain: Uint8Array) => Buffer;

export function makeChunkNamer(idKey: Uint8Array): ChunkNamer {
  const key: KeyObject = createSecretKey(idKey);
  return (type, plain) => hmacSha256(key, TYPE_BYTES[type] ?? Uint8Array.of(type), plain);
}

/** A keyed digest of a small file's content, for finding it again; it never leaves the machine. */
export function makeFileNamer(idKey: Uint8Array): (content: Uint8Array) => Buffer {
  const key = createSecretKey(idKey);
  return (content) => hmacSha256(key, Uint8Array.of(0), content);
}
