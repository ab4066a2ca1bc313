/**
 * Working through ranges of packs: fetch, open, prove, hand on. All in memory that is made once: two ranges (one travels while the other is taken
 * apart) and one plaintext. The main thread does the same for little as other threads do for much.
 */
import { setImmediate } from "node:timers/promises";
import { asHoldfastError, fromErrorBody, HoldfastError, toErrorBody } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { sealedBytesMax } from "../chunk/seal.ts";
import { RangeReader } from "../remote/range-reader.ts";
import { makeOpener, type OpenChunk } from "./open-job.ts";
import {
  CHUNK_ID_BYTES,
  chunksOf,
  type FetchedPart,
  type RangeDone,
  type RangeJob,
  type RangeThreadSettings,
} from "./range-job.ts";

/** A chunk of the largest size fits, and so do many small ones. */
export const RANGE_ROOM_BYTES = sealedBytesMax(CHUNK_BYTES_MAX);
/** Ranges that are under way at once in one thread. */
export const RANGES_TOGETHER = 2;
/** After so much the sockets are looked at. */
const PAUSE_BYTES = 512 * 1024;
/** In a row; then the ordinary way is taken for the rest. */
const FAILURES_MAX = 3;

/** What is done with the chunks of one range. */
export interface Taker {
  /** In order; those that can't be had are `undefined`. `plain` is valid during the call. Throws `chunk/corrupt` to refuse it. */
  take(chunk: number, plain: Buffer | undefined): void;
  /** After the last one. */
  end(): unknown;
}

export interface RangeWorkOptions extends Omit<RangeThreadSettings, "own"> {
  readonly begin: (job: RangeJob) => Taker;
  /** The ordinary way to the bytes of a job. */
  readonly fetch: (job: RangeJob) => Promise<readonly FetchedPart[]>;
}

interface Slot {
  readonly reader: RangeReader | undefined;
  memory: Buffer | undefined;
}

export class RangeWork implements Disposable {
  readonly #options: RangeWorkOptions;
  readonly #open: OpenChunk;
  readonly #slots: readonly Slot[];
  readonly #free: Slot[];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  #plain: Buffer | undefined;
  /** Ranges are taken apart one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #failures = 0;
  #isStopped = false;

  constructor(options: RangeWorkOptions) {
    this.#options = options;
    this.#open = makeOpener(Buffer.from(options.vault), makeChunkNamer(options.idKey));
    this.#slots = Array.from({ length: RANGES_TOGETHER }, () => ({
      reader: options.ranges && new RangeReader(options.ranges),
      memory: undefined,
    }));
    this.#free = [...this.#slots];
  }

  /** Throws what concerns more than single chunks. */
  async run(job: RangeJob): Promise<RangeDone> {
    const slot = this.#free.shift() ?? (await new Promise<Slot>((resolve) => this.#waiting.push(resolve)));
    try {
      const { parts, fetchedBytes } = await this.#fetch(job, slot);
      const before = this.#turn;
      const working = before.then(() => this.#takeApart(job, parts));
      this.#turn = working.catch(() => undefined);
      return { ...(await working), fetchedBytes };
    } finally {
      const next = this.#waiting.shift();
      if (next) next(slot);
      else this.#free.push(slot);
    }
  }

  /** What is under way ends soon, with an error. */
  [Symbol.dispose](): void {
    this.#isStopped = true;
    for (const { reader } of this.#slots) reader?.[Symbol.dispose]();
  }

  async #fetch(job: RangeJob, slot: Slot): Promise<{ parts: readonly FetchedPart[]; fetchedBytes: number }> {
    const { reader } = slot;
    if (reader && job.length <= RANGE_ROOM_BYTES && this.#failures < FAILURES_MAX) {
      slot.memory ??= Buffer.allocUnsafeSlow(RANGE_ROOM_BYTES);
      const bytes = slot.memory.subarray(0, job.length);
      try {
        await reader.read(job.pack, job.offset, bytes);
        this.#failures = 0;
        return { parts: partsOf(job, bytes), fetchedBytes: job.length };
      } catch {
        this.#failures++; // What it means, the ordinary way finds out.
      }
    }
    return { parts: await this.#options.fetch(job), fetchedBytes: 0 };
  }

  async #takeApart(job: RangeJob, parts: readonly FetchedPart[]): Promise<Omit<RangeDone, "fetchedBytes">> {
    const taker = this.#options.begin(job);
    const errors: { chunk: number; error: ReturnType<typeof toErrorBody> }[] = [];
    let bytes = 0;
    for (let chunk = 0; chunk < chunksOf(job); chunk++) {
      if (this.#isStopped) throw new Error("the work was given up");
      let isTaken = false;
      try {
        const plain = this.#openChunk(job, chunk, parts[chunk]);
        bytes += plain.length;
        isTaken = true;
        taker.take(chunk, plain);
      } catch (error) {
        errors.push({ chunk, error: toErrorBody(chunkError(error)) });
        if (!isTaken) taker.take(chunk, undefined);
      }
      if (bytes < PAUSE_BYTES) continue;
      bytes = 0;
      await setImmediate();
    }
    return { errors, result: taker.end() };
  }

  #openChunk(job: RangeJob, chunk: number, part: FetchedPart | undefined): Buffer {
    const id = job.ids.subarray(chunk * CHUNK_ID_BYTES, (chunk + 1) * CHUNK_ID_BYTES);
    const corrupt = (reason: string): never => {
      throw new HoldfastError("chunk/corrupt", { chunk: Buffer.from(id).toString("hex"), reason });
    };
    if (part?.error) throw fromErrorBody(part.error);
    if (!part || part.sealed.length > RANGE_ROOM_BYTES) return corrupt("it is too large");
    const session = job.sessions[job.places[chunk * 3 + 2] ?? -1] ?? corrupt("its session key is not possible");
    return this.#open({ kind: job.kind, id, sealed: part.sealed, ...session }, this.#room);
  }

  readonly #room = (length: number): Buffer => {
    this.#plain ??= Buffer.allocUnsafeSlow(CHUNK_BYTES_MAX);
    return this.#plain.subarray(0, length);
  };
}

function partsOf(job: RangeJob, bytes: Buffer): FetchedPart[] {
  return Array.from({ length: chunksOf(job) }, (_, chunk) => {
    const offset = job.places[chunk * 3] ?? 0;
    return { sealed: bytes.subarray(offset, offset + (job.places[chunk * 3 + 1] ?? 0)) };
  });
}

/** Of all that can go wrong, only this concerns one chunk. */
function chunkError(error: unknown): HoldfastError {
  if (error instanceof HoldfastError && (error.code === "chunk/corrupt" || error.code === "chunk/lost")) return error;
  throw asHoldfastError(error);
}
