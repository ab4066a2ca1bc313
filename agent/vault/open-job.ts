/** Opening one located chunk: the same code on the main thread and in the workers. */
import { HoldfastError } from "../../protocol/errors.ts";
import { CHUNK_HEADER_BYTES, CHUNK_TYPES, type ChunkType } from "../../protocol/pack-format.ts";
import type { ChunkNamer } from "../chunk/chunk-id.ts";
import { type Allocate, open } from "../chunk/open.ts";

/** What a reference may point to: file content lies in data chunks and bundles alike. */
export type ChunkKind = "content" | "page" | "list" | "body";

const TYPES: Readonly<Record<ChunkKind, readonly ChunkType[]>> = {
  content: [CHUNK_TYPES.data, CHUNK_TYPES.bundle],
  page: [CHUNK_TYPES.page],
  list: [CHUNK_TYPES.list],
  body: [CHUNK_TYPES.body],
};

export interface OpenJob {
  readonly kind: ChunkKind;
  readonly id: Uint8Array;
  readonly sealed: Uint8Array;
  readonly enc: Uint8Array;
  /** Session key. */
  readonly key: Uint8Array;
}

/** The plaintext is in memory that `allocate` gives, by default its own. */
export type OpenChunk = (job: OpenJob, allocate?: Allocate) => Buffer;

/** Gives plaintexts, or throws `chunk/corrupt`. */
export function makeOpener(vault: Uint8Array, nameChunk: ChunkNamer): OpenChunk {
  return ({ kind, id, sealed, enc, key }, allocate) => {
    // The id covers the type, and the tag covers this byte: a lie here fails below.
    const type = TYPES[kind].find((each) => each === sealed[5]);
    if (type === undefined || sealed.length < CHUNK_HEADER_BYTES) {
      const data = { chunk: Buffer.from(id).toString("hex"), reason: `it is no ${kind}` };
      throw new HoldfastError("chunk/corrupt", data);
    }
    return open(sealed, { type, id, vault, enc, key }, nameChunk, allocate);
  };
}
