/**
 * Threads that open chunks. They start with the first chunk. Each is given two chunks at a time at most, the one it opens and
 * the next, so that at most `size` × 2 × (sealed and plain chunk, about 9 MB) are held.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { bug, type ErrorBody, fromErrorBody } from "../../protocol/errors.ts";
import type { OpenJob } from "./open-job.ts";

export interface OpenWorkerData {
  readonly vault: Uint8Array;
  readonly idKey: Uint8Array;
}

export type OpenRequest = OpenJob & { readonly number: number };
export type OpenAnswer = { readonly number: number } & (
  | { readonly plain: Uint8Array; readonly error?: undefined }
  | { readonly error: ErrorBody }
);

const THREADS_MAX = 8;

export class OpenerPool implements AsyncDisposable {
  /** How many chunks may be asked for at once. */
  readonly capacity: number;
  readonly #size: number;
  readonly #keys: OpenWorkerData;
  readonly #waiting = new Map<number, { resolve(plain: Buffer): void; reject(error: unknown): void }>();
  #threads: { readonly worker: Worker; busy: number }[] = [];
  #last = 0;

  constructor(keys: OpenWorkerData, size = Math.min(availableParallelism(), THREADS_MAX)) {
    this.#keys = keys;
    this.#size = size;
    this.capacity = size * 2;
  }

  /** Throws `chunk/corrupt`. */
  async open(job: OpenJob): Promise<Buffer> {
    if (this.#threads.length === 0) this.#threads = Array.from({ length: this.#size }, () => this.#start());
    const thread = this.#threads.reduce((best, each) => (each.busy < best.busy ? each : best));
    const number = ++this.#last;
    thread.busy++;
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        this.#waiting.set(number, { resolve, reject });
        const sealed = Uint8Array.from(job.sealed);
        thread.worker.postMessage({ ...job, sealed, number } satisfies OpenRequest, [sealed.buffer]);
      });
    } finally {
      thread.busy--;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  #start() {
    // Built code has another ending.
    const file = import.meta.url.endsWith(".ts") ? "./open-worker.ts" : "./open-worker.js";
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.#keys });
    worker.on("message", (answer: OpenAnswer) => this.#answered(answer));
    worker.on("error", (error) => this.#failed(error));
    worker.on("exit", () => this.#failed(new Error("a thread that opens chunks ended")));
    return { worker, busy: 0 };
  }

  #answered(answer: OpenAnswer): void {
    const waiting = this.#waiting.get(answer.number) ?? bug("a thread answered what nobody asked");
    this.#waiting.delete(answer.number);
    if (answer.error) waiting.reject(fromErrorBody(answer.error));
    else waiting.resolve(Buffer.from(answer.plain.buffer, answer.plain.byteOffset, answer.plain.length));
  }

  #failed(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
