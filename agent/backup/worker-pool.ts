/** The reading threads, seen from the main thread: jobs go in, results come out, packs are handed on, questions are answered. */
import { Worker } from "node:worker_threads";
import { HoldfastError } from "../../protocol/errors.ts";
import { packBufferBytes } from "../vault/pack-writer.ts";
import { PackBuffers } from "./pack-buffers.ts";
import type { FromWorker, ReadJob, ReadResult, ToWorker, WorkerSettings } from "./read-job.ts";

export interface FilledPack {
  readonly id: Buffer;
  readonly bytes: Buffer;
  readonly chunkIds: readonly Buffer[];
  /** When the bytes are sent: the buffer is for whoever needs one next. */
  release(): void;
}

export interface WorkerPoolOptions<Job> {
  readonly settings: WorkerSettings;
  readonly threads: number;
  /** Says for each id whether its content is known (1) or must be stored by this job (0). */
  readonly answer: (job: Job, about: "files" | "chunks", ids: Buffer, indexes: readonly number[]) => Uint8Array;
  readonly onPack: (pack: FilledPack) => void;
  readonly onDone: (job: Job, result: ReadResult) => void;
  /** A thread is broken: the run can't go on. */
  readonly onFailure: (error: HoldfastError) => void;
}

/** One job is worked on while the next one's question is on its way. */
const JOBS_PER_THREAD = 2;

/** The threads make little garbage besides large buffers, which lie elsewhere. */
const YOUNG_HEAP = { maxYoungGenerationSizeMb: 6 };

interface Thread<Job> {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
  readonly ended: Promise<void>;
}

export class WorkerPool<Job extends { readonly read: ReadJob }> {
  readonly #options: WorkerPoolOptions<Job>;
  /** Started when there is work for them: most backups have little. */
  readonly #threads: Thread<Job>[] = [];
  readonly #buffers: PackBuffers<Thread<Job>>;
  #lastJob = 0;
  #unflushed = 0;
  #isStopped = false;
  #onFlushed: (() => void) | undefined;

  constructor(options: WorkerPoolOptions<Job>) {
    this.#options = options;
    const { threads, settings } = options;
    this.#buffers = new PackBuffers(threads + settings.buffers, packBufferBytes(settings.packBytes), {
      give: ({ worker }, buffer, memory) =>
        worker.postMessage({ kind: "buffer", buffer, ...(memory && { memory }) } satisfies ToWorker),
    });
  }

  /** Threads end at the next message, not in the middle of a system call: `terminate` there takes the whole process down (node:ffi). */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    for (const { worker } of this.#threads) worker.postMessage({ kind: "stop" } satisfies ToWorker);
    await Promise.all(this.#threads.map(({ ended }) => ended));
  }

  get hasRoom(): boolean {
    return this.#mayStart || this.#threads.some(({ jobs }) => jobs.size < JOBS_PER_THREAD);
  }

  /** Ask `hasRoom` first. */
  run(job: Job): void {
    const thread = this.#threadFor();
    const number = ++this.#lastJob;
    thread.jobs.set(number, job);
    const { paths, numbers, inodes } = job.read.files;
    const message: ToWorker = { kind: "job", job: number, read: job.read };
    // Made for this message alone (packFiles).
    thread.worker.postMessage(message, [paths.buffer, numbers.buffer, inodes.buffer] as ArrayBuffer[]);
  }

  /** Nobody need wait any more: the threads are gone. */
  wake(): void {
    this.#onFlushed?.();
  }

  /** Has every thread hand on its pack, however little is in it. */
  async flush(): Promise<void> {
    if (this.#unflushed > 0 || this.#threads.length === 0) return;
    this.#unflushed = this.#threads.length;
    const flushed = new Promise<void>((resolve) => {
      this.#onFlushed = resolve;
    });
    for (const { worker } of this.#threads) worker.postMessage({ kind: "flush" } satisfies ToWorker);
    await flushed;
  }

  get #mayStart(): boolean {
    return this.#threads.length < this.#options.threads;
  }

  #threadFor(): Thread<Job> {
    const idle = this.#threads.find(({ jobs }) => jobs.size === 0);
    if (idle) return idle;
    if (!this.#mayStart)
      return this.#threads.reduce((least, each) => (each.jobs.size < least.jobs.size ? each : least));
    const thread = this.#start();
    this.#threads.push(thread);
    return thread;
  }

  #start(): Thread<Job> {
    const file = import.meta.url.endsWith(".ts") ? "./read-worker.ts" : "./read-worker.js";
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: this.#options.settings,
      resourceLimits: YOUNG_HEAP,
      execArgv: ["--disable-warning=ExperimentalWarning"], // We know that we use node:ffi.
    });
    const thread: Thread<Job> = {
      worker,
      jobs: new Map(),
      ended: new Promise<void>((resolve) => worker.once("exit", () => resolve())),
    };
    worker.on("message", (message: FromWorker) => this.#receive(thread, message));
    worker.on("error", (cause) =>
      this.#options.onFailure(
        new HoldfastError("bug/unexpected", { reason: `a reading thread failed: ${cause}` }, { cause }),
      ),
    );
    return thread;
  }

  #receive(thread: Thread<Job>, message: FromWorker): void {
    if (this.#isStopped) return;
    const reply = (answer: ToWorker) => thread.worker.postMessage(answer);
    switch (message.kind) {
      case "need":
        this.#buffers.ask(thread);
        break;
      case "ask": {
        const job = thread.jobs.get(message.job);
        if (!job) break;
        const known = this.#options.answer(job, message.about, bufferOf(message.ids), message.indexes);
        reply({ kind: "answer", question: message.question, known });
        break;
      }
      case "pack": {
        const { buffer, length } = message;
        const release = () => this.#buffers.takeBack(buffer);
        const bytes = this.#buffers.view(buffer, length);
        this.#options.onPack({
          id: bufferOf(message.id),
          bytes,
          chunkIds: splitIds(bufferOf(message.chunkIds)),
          release,
        });
        break;
      }
      case "done": {
        const job = thread.jobs.get(message.job);
        thread.jobs.delete(message.job);
        if (job) this.#options.onDone(job, message.result);
        break;
      }
      case "flushed":
        if (--this.#unflushed === 0) this.#onFlushed?.();
        break;
      case "failed":
        this.#options.onFailure(new HoldfastError(message.code, message.data, { cause: message.stack }));
        break;
    }
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

export function splitIds(ids: Buffer): Buffer[] {
  const result: Buffer[] = [];
  for (let at = 0; at < ids.length; at += 32) result.push(ids.subarray(at, at + 32));
  return result;
}
