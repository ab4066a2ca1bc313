/**
 * Chunks by their ids, checked. Neighbours in a pack are read together; many chunks at once are opened in threads. What is held
 * at most while reading many: 3 ranges of 8 MiB, and what `opener-pool.ts` says. One reading in threads at a time.
 */
import type { Clock } from "../../base/clock.ts";
import { collectYoung } from "../../base/collect-garbage.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { LOCATE_IDS_MAX } from "../../protocol/limits.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import type { VaultKeys } from "../keys/vault-keys.ts";
import type { RestoreRemote } from "../remote/remote.ts";
import { ahead } from "./ahead.ts";
import { type ChunkKind, makeOpener, type OpenChunk, type OpenJob } from "./open-job.ts";
import { OpenerPool } from "./opener-pool.ts";
import { patiently } from "./patiently.ts";
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
  /** Open on this thread: for little, when starting threads would take longer. */
  readonly isSmall?: boolean;
}

type Fetched = { readonly chunk: LocatedChunk } & (
  | { readonly sealed: Buffer; readonly error?: undefined }
  | { readonly error: HoldfastError }
);

/** One is taken apart while the next ones travel. */
const RANGES_AHEAD = 2;

export class ChunkSource implements AsyncDisposable {
  readonly #remote: RestoreRemote;
  readonly #clock: Clock;
  readonly #sessions: SessionKeys;
  readonly #openHere: OpenChunk;
  readonly #pool: OpenerPool;
  #fetchedBytes = 0;

  constructor({ remote, keys, clock }: { remote: RestoreRemote; keys: VaultKeys; clock: Clock }) {
    this.#remote = remote;
    this.#clock = clock;
    this.#sessions = new SessionKeys(keys);
    this.#openHere = makeOpener(keys.vault, makeChunkNamer(keys.idKey));
    this.#pool = new OpenerPool({ vault: keys.vault, idKey: keys.idKey });
  }

  /** Sealed bytes read so far, with the gaps between them. */
  get fetchedBytes(): number {
    return this.#fetchedBytes;
  }

  /** Throws `chunk/lost` and `chunk/corrupt`. */
  async get(id: Buffer, kind: ChunkKind, signal?: AbortSignal): Promise<Buffer> {
    for await (const chunk of this.read([id], { kind, signal, isSmall: true })) {
      if (chunk.error) throw chunk.error;
      return chunk.plain;
    }
    throw lost(id);
  }

  /**
   * Each of the distinct `ids` once, with what is wrong with it if it can't be had: pack by pack, in the order in which packs are first
   * needed. Plaintexts are valid until the next one is taken, but with `isSmall` they stay. Throws only what concerns all of them.
   */
  async *read(ids: readonly Buffer[], options: ReadOptions): AsyncGenerator<ReadChunk> {
    if (options.isSmall) {
      for await (const fetched of this.#fetchAll(ids, options)) yield await this.#openSmall(fetched, options.kind);
      return;
    }
    // Slots of the pool whose plaintexts are still to be taken.
    const held = new Set<() => void>();
    const opening = ahead(this.#fetchAll(ids, options), this.#pool.capacity, async (fetched) => {
      const opened = await this.#openInThread(fetched, options.kind);
      if (opened.release) held.add(opened.release);
      return opened;
    });
    try {
      for await (const { release, ...chunk } of opening) {
        yield chunk;
        if (release && held.delete(release)) release();
      }
    } finally {
      await opening.return(undefined);
      for (const release of held) release();
    }
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
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
  async #fetch(range: PackRange, signal: AbortSignal | undefined): Promise<readonly Fetched[]> {
    const { pack, offset, length, chunks } = range;
    try {
      const bytes = await patiently(this.#clock, signal, () => this.#remote.packRange(pack, offset, length, signal));
      this.#fetchedBytes += bytes.length;
      collectYoung(); // The pieces that it came in.
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
    const alone: Fetched[] = [];
    for (const chunk of chunks)
      alone.push(...(await this.#fetch({ pack, offset: chunk.offset, length: chunk.length, chunks: [chunk] }, signal)));
    return alone;
  }

  async #openSmall(fetched: Fetched, kind: ChunkKind): Promise<ReadChunk> {
    const { id } = fetched.chunk;
    try {
      return fetched.error
        ? { id, error: fetched.error }
        : { id, plain: this.#openHere(await this.#jobOf(fetched, kind)) };
    } catch (error) {
      return { id, error: corruptOr(error) };
    }
  }

  async #openInThread(fetched: Fetched, kind: ChunkKind): Promise<ReadChunk & { readonly release?: () => void }> {
    const { id } = fetched.chunk;
    try {
      return fetched.error
        ? { id, error: fetched.error }
        : { id, ...(await this.#pool.open(await this.#jobOf(fetched, kind))) };
    } catch (error) {
      return { id, error: corruptOr(error) };
    }
  }

  async #jobOf({ chunk, sealed }: Fetched & { sealed: Buffer }, kind: ChunkKind): Promise<OpenJob> {
    const { id, enc } = chunk;
    try {
      return { kind, id, enc, sealed, key: await this.#sessions.get(enc) };
    } catch (cause) {
      const data = { chunk: id.toString("hex"), reason: "its session key is not possible" };
      throw new HoldfastError("chunk/corrupt", data, { cause });
    }
  }
}

const NO_KEY = Buffer.alloc(0);
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
