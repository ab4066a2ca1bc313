/**
 * Reads on the main thread what a handful of changed files hold: starting a thread for them would cost more than reading them. To
 * whoever gives it jobs it is a pool of one thread.
 */
import { asHoldfastError, type HoldfastError } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { makeChunkNamer, makeFileNamer } from "../chunk/chunk-id.ts";
import { makeSplitter, type Splitter } from "../chunk/splitter.ts";
import { packBufferBytes } from "../vault/pack-writer.ts";
import { openSealSession } from "../vault/seal-session.ts";
import { PackFiller } from "./pack-filler.ts";
import { readBundle } from "./read-bundle.ts";
import type { ReadContext } from "./read-context.ts";
import { type ReadJob, type ReadResult, unpackFiles } from "./read-job.ts";
import { readLargeFile } from "./read-large-file.ts";
import type { WorkerPoolOptions } from "./worker-pool.ts";

/** So much is read without a thread: a few tens of milliseconds of work. */
export const INLINE_BYTES_MAX = 4 * 1024 * 1024;
export const INLINE_FILES_MAX = 1000;

export class InlineReader<Job extends { readonly read: ReadJob }> implements AsyncDisposable {
  readonly #options: WorkerPoolOptions<Job>;
  readonly #filler: PackFiller;
  #splitter: Splitter | undefined;
  #isBusy = false;
  #isStopped = false;

  constructor(options: WorkerPoolOptions<Job>) {
    this.#options = options;
    const { settings, onPack } = options;
    const keys = {
      vault: Buffer.from(settings.vault),
      epoch: settings.epoch,
      readPublic: Buffer.from(settings.readPublic),
    };
    this.#filler = new PackFiller([Buffer.alloc(packBufferBytes(settings.packBytes))], {
      kind: "data",
      targetBytes: settings.packBytes,
      level: () => settings.level,
      openSession: () => openSealSession(keys),
      onPack: ({ id, bytes, chunkIds }) => {
        if (this.#isStopped) return;
        onPack({ id, bytes, chunkIds, release: () => this.#filler.giveBack(Buffer.from(bytes.buffer)) });
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
  }

  get hasRoom(): boolean {
    return !this.#isBusy;
  }

  /** Ask `hasRoom` first. */
  run(job: Job): void {
    this.#isBusy = true;
    this.#work(job).then(
      (result) => {
        this.#isBusy = false;
        if (!this.#isStopped) this.#options.onDone(job, result);
      },
      (cause: unknown) => this.#fail(asHoldfastError(cause)),
    );
  }

  /** Nobody waits here. */
  wake(): void {}

  async flush(): Promise<void> {
    await this.#filler.flush();
  }

  #fail(error: HoldfastError): void {
    if (!this.#isStopped) this.#options.onFailure(error);
  }

  async #work(job: Job): Promise<ReadResult> {
    const { settings, answer } = this.#options;
    this.#splitter ??= makeSplitter(settings.splitKey, 2 * CHUNK_BYTES_MAX);
    const context: ReadContext = {
      splitter: this.#splitter,
      nameChunk: makeChunkNamer(settings.idKey),
      nameFile: makeFileNamer(settings.idKey),
      filler: this.#filler,
      ask: async (about, ids, indexes) => answer(job, about, Buffer.from(ids), indexes),
    };
    const files = unpackFiles(job.read.files);
    const [first] = files;
    if (job.read.segment && first) return await readLargeFile(first, job.read.segment, context);
    return await readBundle(files, context);
  }
}
