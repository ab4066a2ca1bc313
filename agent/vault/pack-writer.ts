/**
 * Fills packs (format §5) in buffers that are reused. Each sealed chunk is opened and compared before it counts, so that
 * bad memory or a codec's bug stops here and not at a restore.
 */
import { sha256 } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import {
  type ChunkType,
  encodePackEnd,
  encodePackHeader,
  PACK_KINDS,
  type PackChunk,
  packHeaderBytes,
  TRAILER_BYTES,
} from "../../protocol/pack-format.ts";
import { opensTo } from "../chunk/open.ts";
import { type SealSession, sealedBytesMax, sealInto } from "../chunk/seal.ts";

export interface ChunkToPack {
  readonly type: ChunkType;
  readonly id: Buffer;
  readonly plain: Buffer;
  /** 32 bytes each; empty for data and bundles. */
  readonly links: Buffer;
}

export interface FinishedPack {
  /** SHA-256 of the bytes. */
  readonly id: Buffer;
  readonly kind: keyof typeof PACK_KINDS;
  /** A view into the writer's buffer. */
  readonly bytes: Buffer;
  readonly chunkIds: readonly Buffer[];
}

export interface PackWriterOptions {
  readonly kind: keyof typeof PACK_KINDS;
  /** A pack is finished when it holds this much. */
  readonly targetBytes: number;
  readonly level: number;
  /** Makes a session when the pack begins and the last one is spent. */
  readonly session: SealSession;
}

const NO_LINKS = Buffer.alloc(0);
/** Directory rows of a data pack: plenty for the smallest bundles. */
const DIRECTORY_BYTES = 256 * 1024;

/** How large a buffer must be so that any chunk fits before the target is reached. */
export const packBufferBytes = (targetBytes: number): number =>
  packHeaderBytes(1) + targetBytes + sealedBytesMax(CHUNK_BYTES_MAX) + DIRECTORY_BYTES + TRAILER_BYTES;

/** One pack in the making. */
export class PackWriter {
  readonly #options: PackWriterOptions;
  readonly #buffer: Buffer;
  readonly #chunks: PackChunk[] = [];
  #at: number;
  #directoryBytes = 0;

  constructor(buffer: Buffer, options: PackWriterOptions) {
    this.#buffer = buffer;
    this.#options = options;
    const { vault } = options.session.context;
    const header = { kind: PACK_KINDS[options.kind], vault: Buffer.from(vault), sessions: [options.session.enc] };
    this.#at = encodePackHeader(header).copy(buffer);
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Whether a chunk of `plainBytes` with `links` still belongs into this pack. */
  hasRoom(plainBytes: number, linkBytes = 0): boolean {
    if (this.isEmpty) return true;
    const directory = this.#directoryBytes + 47 + linkBytes + TRAILER_BYTES;
    return (
      this.#at < this.#options.targetBytes && this.#at + sealedBytesMax(plainBytes) + directory <= this.#buffer.length
    );
  }

  /** Seals, checks and adds; gives the sealed length. Ask `hasRoom` first. */
  add(chunk: ChunkToPack): number {
    const { session, level } = this.#options;
    const offset = this.#at;
    const length = sealInto(this.#buffer, offset, { ...chunk, level, sessionIndex: 0 }, session);
    this.#check(this.#buffer.subarray(offset, offset + length), chunk);
    this.#at += length;
    this.#directoryBytes += 47 + chunk.links.length;
    this.#chunks.push({ id: chunk.id, type: chunk.type, session: 0, offset, length, links: chunk.links });
    return length;
  }

  finish(): FinishedPack {
    const end = encodePackEnd(this.#chunks, this.#at);
    const bytes = this.#buffer.subarray(0, this.#at + end.copy(this.#buffer, this.#at));
    return { id: sha256(bytes), kind: this.#options.kind, bytes, chunkIds: this.#chunks.map(({ id }) => id) };
  }

  #check(sealed: Buffer, chunk: ChunkToPack): void {
    const { session } = this.#options;
    const { vault } = session.context;
    const { type, id, plain } = chunk;
    if (opensTo(sealed, { type, id, vault, enc: session.enc, key: session.key }, plain)) return;
    throw new HoldfastError("chunk/corrupt", {
      chunk: chunk.id.toString("hex"),
      reason: "sealing it gave other bytes; this machine's memory may be bad",
    });
  }
}

export const withoutLinks = (chunk: Omit<ChunkToPack, "links">): ChunkToPack => ({ ...chunk, links: NO_LINKS });
