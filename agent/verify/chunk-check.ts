/** Checks the chunks of content that files refer to, each distinct one once, in batches. */

import { IdSet } from "../../base/id-set.ts";
import { fromErrorBody, HoldfastError } from "../../protocol/errors.ts";
import { LOCATE_IDS_MAX } from "../../protocol/limits.ts";
import type { FileEntry } from "../model/entry.ts";
import { checkLengths, encodeLengths } from "../vault/check-lengths.ts";
import type { ChunkSource } from "../vault/chunk-source.ts";
import { isDamage } from "../vault/page-reader.ts";
import { type FetchParts, type RangeRunner, RangesHere, RangeThreads } from "../vault/range-threads.ts";
import type { PackRange } from "../vault/ranges.ts";
import { readSlices } from "../vault/read-slices.ts";
import { Underway } from "../vault/underway.ts";

/** By id as Latin-1: chunks that can't be had, and root lists that can't be read whole. */
export type BadChunks = ReadonlyMap<string, HoldfastError>;

export interface ChunkCheckOptions {
  readonly readData: boolean;
  /** Worth starting threads. */
  readonly isMuch: boolean;
  readonly signal: AbortSignal | undefined;
}

export class ChunkCheck implements AsyncDisposable {
  readonly #source: ChunkSource;
  readonly #options: ChunkCheckOptions;
  readonly #runner: RangeRunner | undefined;
  readonly #seen = new IdSet();
  readonly #lists = new IdSet();
  readonly #bad = new Map<string, HoldfastError>();
  /** With how many bytes of each are referred to. */
  #batch = new Map<string, { readonly id: Buffer; end: number }>();

  constructor(source: ChunkSource, options: ChunkCheckOptions) {
    this.#source = source;
    this.#options = options;
    if (options.readData) this.#runner = runnerFor(source, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runner?.[Symbol.asyncDispose]();
  }

  get bad(): BadChunks {
    return this.#bad;
  }

  get count(): number {
    return this.#seen.size;
  }

  async add(file: FileEntry): Promise<void> {
    const { content } = file;
    if (content.kind === "list" && !this.#lists.add(content.list)) return;
    try {
      for await (const slices of readSlices(this.#source, file, { signal: this.#options.signal })) {
        for (const slice of slices) if (slice.kind === "chunk") this.#note(slice.chunk, slice.offset + slice.length);
        if (this.#batch.size >= LOCATE_IDS_MAX) await this.finish();
      }
    } catch (error) {
      if (!isDamage(error) || content.kind !== "list") throw error;
      this.#bad.set(content.list.toString("latin1"), error);
    }
  }

  /** Checks what was noted and not yet looked at. */
  async finish(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Map();
    const ids = [...batch.values()].map(({ id }) => id);
    const { signal } = this.#options;
    using underway = new Underway(this.#runner?.capacity ?? 1, signal);
    const group = { running: 0 };
    for (let from = 0; from < ids.length; from += LOCATE_IDS_MAX) {
      const { lost, ranges } = await this.#source.locate(ids.slice(from, from + LOCATE_IDS_MAX), signal);
      for (const id of lost)
        this.#bad.set(id.toString("latin1"), new HoldfastError("chunk/lost", { chunk: id.toString("hex") }));
      const runner = this.#runner;
      if (!runner) continue;
      for (const range of ranges) {
        const lengths = range.chunks.map(({ id }) => batch.get(id.toString("latin1"))?.end ?? 0);
        await underway.begin(group, () => this.#open(runner, range, encodeLengths(lengths)));
      }
    }
    await underway.settled(group);
  }

  async #open(runner: RangeRunner, range: PackRange, work: Uint8Array): Promise<void> {
    const { errors } = await this.#source.run(runner, await this.#source.jobOf(range, "content", work));
    for (const { chunk, error } of errors) {
      const id = range.chunks[chunk]?.id.toString("latin1");
      if (id !== undefined) this.#bad.set(id, fromErrorBody(error));
    }
  }

  #note(id: Buffer, end: number): void {
    const noted = this.#batch.get(id.toString("latin1"));
    if (noted) noted.end = Math.max(noted.end, end);
    else if (this.#seen.add(id)) this.#batch.set(id.toString("latin1"), { id: Buffer.from(id), end });
  }
}

function runnerFor(source: ChunkSource, { isMuch, signal }: ChunkCheckOptions): RangeRunner {
  const settings = source.settings(undefined);
  const fetch: FetchParts = (job, stop) => source.fetchParts(job, signal ? AbortSignal.any([signal, stop]) : stop);
  if (!isMuch) return new RangesHere({ begin: checkLengths }, settings, { fetch });
  // Built code has another ending.
  const file = import.meta.url.endsWith(".ts") ? "../vault/check-worker.ts" : "../vault/check-worker.js";
  return new RangeThreads(new URL(file, import.meta.url), settings, { fetch });
}
