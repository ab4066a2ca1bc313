/**
 * Reads on the main thread what a handful of changed files hold: starting a thread for them would cost more than reading them. To
 * whoever gives it jobs it is a pool of one thread.
 */
import { reserve } from "../../base/reserve.ts";
import { asHoldfastError, type HoldfastError } from "../../protocol/errors.ts";
import { packBufferBytes } from "../vault/pack-writer.ts";
import { JobReader, openSessionOf } from "./job-reader.ts";
import { PackFiller } from "./pack-filler.ts";
import type { ReadJob } from "./read-job.ts";
import type { WorkerPoolOptions } from "./worker-pool.ts";

/** So much is read without a thread: a few tens of milliseconds of work. */
export const INLINE_BYTES_MAX = 4 * 1024 * 1024;
export const INLINE_FILES_MAX = 1000;

export class InlineReader<Job extends { readonly read: ReadJob }> implements AsyncDisposable {
  readonly #options: WorkerPoolOptions<Job>;
  readonly #filler: PackFiller;
  readonly #reader: JobReader;
  #isBusy = false;
  #isStopped = false;

  constructor(options: WorkerPoolOptions<Job>) {
    this.#options = options;
    const { settings, onPack } = options;
    this.#filler = new PackFiller([reserve(packBufferBytes(settings.packBytes))], {
      kind: "data",
      targetBytes: settings.packBytes,
      level: () => settings.level,
      openSession: () => openSessionOf(settings),
      onPack: ({ id, bytes, chunkIds }) => {
        if (this.#isStopped) return;
        onPack({ id, bytes, chunkIds, release: () => this.#filler.giveBack(Buffer.from(bytes.buffer)) });
      },
    });
    this.#reader = new JobReader(settings, this.#filler);
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
    const { answer } = this.#options;
    const reading = this.#reader.read(job.read, async (about, ids, indexes) =>
      answer(job, about, Buffer.from(ids), indexes),
    );
    reading.then(
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
}
