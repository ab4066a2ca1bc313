/**
 * Chunks by their ids, checked. Neighbours in a pack are read together. Few are opened here; much is worked through range by range, in threads
 * (`range-threads.ts`). What is held at most while reading here: 3 ranges of 4 MiB.
 */
import type { Clock } from "../../base/clock.ts";
import { collectYoung } from "../../base/collect-garbage.ts";
import { HoldfastError, toErrorBody } from "../../protocol/errors.ts";
import { LOCATE_IDS_MAX } from "../../protocol/limits.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import type { VaultKeys } from "../keys/vault-keys.ts";
import type { RestoreRemote } from "../remote/remote.ts";
import { ahead } from "./ahead.ts";
import { type ChunkKind, makeOpener, type OpenChunk, type OpenJob } from "./open-job.ts";
import { patiently } from "./patiently.ts";
import {
  CHUNK_ID_BYTES,
  type FetchedPart,
  type RangeDone,
  type RangeJob,
  type RangeThreadSettings,
} from "./range-job.ts";
import type { RangeRunner } from "./range-threads.ts";
import { type Located, type LocatedChunk, type PackRange, planRanges } from "./ranges.ts";
import { SessionKeys } from "./session-keys.ts";

/** `error`: `chunk/lost` or `chunk/corrupt`. */
export type ReadChunk = { readonly id: Buffer } & (
  | { readonly plain: Buffer; readonly error?: undefined }
  | { readonly error: HoldfastError; readonly plain?: undefined }
);

export interface ReadOptions {
  readonly kind: ChunkKind;
  readonly signal?: AbortSignal | undefined;
}

type LocatedPart = Omit<LocatedChunk, "enc">;

type Fetched<Chunk extends LocatedPart = LocatedChunk> = { readonly chunk: Chunk } & (
  | { readonly sealed: Buffer; readonly error?: undefined }
  | { readonly error: HoldfastError }
);

/** One is taken apart while the next ones travel. */
const RANGES_AHEAD = 2;

export class ChunkSource {
  readonly #remote: RestoreRemote;
  readonly #clock: Clock;
  readonly #sessions: SessionKeys;
  readonly #openHere: OpenChunk;
  readonly #keys: VaultKeys;
  #fetchedBytes = 0;
  #lastJob = 0;

  constructor({ remote, keys, clock }: { remote: RestoreRemote; keys: VaultKeys; clock: Clock }) {
    this.#remote = remote;
    this.#clock = clock;
    this.#sessions = new SessionKeys(keys);
    this.#openHere = makeOpener(keys.vault, makeChunkNamer(keys.idKey));
    this.#keys = keys;
  }

  /** Sealed bytes read so far, with the gaps between them. */
  get fetchedBytes(): number {
    return this.#fetchedBytes;
  }

  /** Throws `chunk/lost` and `chunk/corrupt`. */
  async get(id: Buffer, kind: ChunkKind, signal?: AbortSignal): Promise<Buffer> {
    for await (const chunk of this.read([id], { kind, signal })) {
      if (chunk.error) throw chunk.error;
      return chunk.plain;
    }
    throw lost(id);
  }

  /**
   * Each of the distinct `ids` once, with what is wrong with it if it can't be had: pack by pack, in the order in which packs are first
   * needed. Throws only what concerns all of them.
   */
  async *read(ids: readonly Buffer[], options: ReadOptions): AsyncGenerator<ReadChunk> {
    for await (const fetched of this.#fetchAll(ids, options)) yield await this.#openFetched(fetched, options.kind);
  }

  /** Where chunks lie; at most `LOCATE_IDS_MAX` of them. */
  async locate(ids: readonly Buffer[], signal?: AbortSignal): Promise<Located> {
    if (ids.length === 0) return { ranges: [], lost: [] };
    const hex = ids.map((id) => id.toString("hex"));
    const answer = await patiently(this.#clock, signal, () => this.#remote.locate(hex));
    if (answer.chunks.length !== ids.length)
      throw new HoldfastError("service/protocol", { request: "locate", reason: "it answers other ids" });
    return planRanges(ids, answer);
  }

  /** What threads need to know. */
  settings(own: unknown): RangeThreadSettings {
    const { vault, idKey } = this.#keys;
    return { vault, idKey, ranges: this.#remote.ranges, own };
  }

  /** `work` goes with it as it is. */
  async jobOf({ pack, offset, length, chunks }: PackRange, kind: ChunkKind, work: Uint8Array): Promise<RangeJob> {
    const encs = [...new Map(chunks.map(({ enc }) => [enc.toString("latin1"), enc])).values()];
    const sessions: { enc: Uint8Array; key: Uint8Array }[] = [];
    const indexOf = new Map<string, number>();
    for (const enc of encs) {
      const key = await this.#sessions.get(enc).catch(() => undefined);
      if (!key) continue; // Its chunks are found to be corrupt.
      indexOf.set(enc.toString("latin1"), sessions.length);
      sessions.push({ enc: new Uint8Array(enc), key: new Uint8Array(key) });
    }
    const ids = new Uint8Array(chunks.length * CHUNK_ID_BYTES);
    const places = new Uint32Array(chunks.length * 3);
    for (const [at, chunk] of chunks.entries()) {
      ids.set(chunk.id, at * CHUNK_ID_BYTES);
      places.set(
        [chunk.offset - offset, chunk.length, indexOf.get(chunk.enc.toString("latin1")) ?? NO_SESSION],
        at * 3,
      );
    }
    return { number: ++this.#lastJob, kind, pack, offset, length, ids, places, sessions, work };
  }

  async run(runner: RangeRunner, job: RangeJob): Promise<RangeDone> {
    const done = await runner.run(job);
    this.#fetchedBytes += done.fetchedBytes;
    return done;
  }

  /** The bytes of a job's chunks, patiently, and one by one when it can't be had whole. */
  async fetchParts(job: RangeJob, signal: AbortSignal): Promise<FetchedPart[]> {
    const { pack, offset, length, places } = job;
    const ids = Buffer.from(job.ids.buffer, job.ids.byteOffset, job.ids.byteLength);
    const chunks = Array.from({ length: ids.length / CHUNK_ID_BYTES }, (_, at) => ({
      id: ids.subarray(at * CHUNK_ID_BYTES, (at + 1) * CHUNK_ID_BYTES),
      offset: offset + (places[at * 3] ?? 0),
      length: places[at * 3 + 1] ?? 0,
    }));
    const fetched = await this.#fetch({ pack, offset, length, chunks }, signal);
    return fetched.map((each) => (each.error ? { error: toErrorBody(each.error) } : { sealed: each.sealed }));
  }

  async *#fetchAll(ids: readonly Buffer[], { signal }: ReadOptions): AsyncGenerator<Fetched> {
    for (let from = 0; from < ids.length; from += LOCATE_IDS_MAX) {
      const located = await this.locate(ids.slice(from, from + LOCATE_IDS_MAX), signal);
      for (const id of located.lost) yield { chunk: { id, offset: 0, length: 0, enc: NO_KEY }, error: lost(id) };
      const ranges = ahead(located.ranges, RANGES_AHEAD, (range) => this.#fetch(range, signal));
      for await (const fetched of ranges) yield* fetched;
    }
  }

  /** When a stretch can't be had whole, each of its chunks may still be. */
  async #fetch<Chunk extends LocatedPart>(
    range: Omit<PackRange, "chunks"> & { readonly chunks: readonly Chunk[] },
    signal: AbortSignal | undefined,
  ): Promise<readonly Fetched<Chunk>[]> {
    const { pack, offset, length, chunks } = range;
    try {
      const bytes = await patiently(this.#clock, signal, () => this.#remote.packRange(pack, offset, length, signal));
      this.#fetchedBytes += bytes.length;
      if (bytes.length >= COLLECT_BYTES) collectYoung(); // The pieces that it came in.
      if (bytes.length === length)
        return chunks.map((chunk) => ({
          chunk,
          sealed: bytes.subarray(chunk.offset - offset).subarray(0, chunk.length),
        }));
      if (chunks.length === 1) return chunks.map((chunk) => ({ chunk, error: cutShort(chunk.id) }));
    } catch (error) {
      if (!(error instanceof HoldfastError && PACK_TROUBLE.has(error.code))) throw error;
      if (chunks.length === 1) return chunks.map((chunk) => ({ chunk, error: lost(chunk.id, error) }));
    }
    const alone: Fetched<Chunk>[] = [];
    for (const chunk of chunks)
      alone.push(...(await this.#fetch({ pack, offset: chunk.offset, length: chunk.length, chunks: [chunk] }, signal)));
    return alone;
  }

  async #openFetched(fetched: Fetched, kind: ChunkKind): Promise<ReadChunk> {
    const { id } = fetched.chunk;
    try {
      return fetched.error
        ? { id, error: fetched.error }
        : { id, plain: this.#openHere(await this.#openJobOf(fetched, kind)) };
    } catch (error) {
      return { id, error: corruptOr(error) };
    }
  }

  async #openJobOf({ chunk, sealed }: Fetched & { sealed: Buffer }, kind: ChunkKind): Promise<OpenJob> {
    const { id, enc } = chunk;
    try {
      return { kind, id, enc, sealed, key: await this.#sessions.get(enc) };
    } catch (cause) {
      const data = { chunk: id.toString("hex"), reason: "its session key is not possible" };
      throw new HoldfastError("chunk/corrupt", data, { cause });
    }
  }
}

const COLLECT_BYTES = 1024 * 1024;
const NO_KEY = Buffer.alloc(0);
/** No job has so many. */
const NO_SESSION = 0xffff_ffff;
/** One pack's trouble, not the service's. */
const PACK_TROUBLE: ReadonlySet<string> = new Set(["pack/missing", "pack/corrupt", "range/invalid", "storage/failed"]);

/** Of all that can go wrong, only this concerns one chunk. */
function corruptOr(error: unknown): HoldfastError {
  if (error instanceof HoldfastError && error.code === "chunk/corrupt") return error;
  throw error;
}

const lost = (id: Buffer, cause?: unknown): HoldfastError =>
  new HoldfastError("chunk/lost", { chunk: id.toString("hex") }, { cause });

const cutShort = (id: Buffer): HoldfastError =>
  new HoldfastError("chunk/corrupt", { chunk: id.toString("hex"), reason: "its pack is cut short" });
