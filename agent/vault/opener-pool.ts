/**
 * Threads that open chunks. They start with the first chunk. Each has two slots of about 9 MB, for the chunk it opens and the next one: that is
 * all that is held.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { bug, fromErrorBody, HoldfastError } from "../../protocol/errors.ts";
import type { OpenJob } from "./open-job.ts";
import {
  type OpenAnswer,
  type OpenRequest,
  type OpenWorkerData,
  SEALED_BYTES_MAX,
  SLOT_BYTES,
  slotViews,
} from "./open-slot.ts";

/** `plain` is valid until it is released. */
export interface OpenedChunk {
  readonly plain: Buffer;
  readonly release: () => void;
}

interface Slot {
  readonly thread: Worker;
  readonly number: number;
  readonly sealed: Buffer;
  readonly plain: Buffer;
  waiting: { readonly resolve: (opened: OpenedChunk) => void; readonly reject: (error: unknown) => void } | undefined;
}

/** A view into a page or into Node's pool would take all of that along. */
const requestOf = (job: Omit<OpenJob, "sealed">, slot: Slot, sealedLength: number): OpenRequest => ({
  kind: job.kind,
  id: new Uint8Array(job.id),
  enc: new Uint8Array(job.enc),
  key: new Uint8Array(job.key),
  slot: slot.number,
  sealedLength,
});

const THREADS_MAX = 4;
const SLOTS_PER_THREAD = 2;

export class OpenerPool implements AsyncDisposable {
  /** More chunks than this, asked for and not released, wait. */
  readonly capacity: number;
  readonly #size: number;
  readonly #keys: Omit<OpenWorkerData, "memory">;
  readonly #threads: Worker[] = [];
  readonly #free: Slot[] = [];
  readonly #queue: ((slot: Slot) => void)[] = [];

  constructor(keys: Omit<OpenWorkerData, "memory">, size = Math.min(availableParallelism(), THREADS_MAX)) {
    this.#keys = keys;
    this.#size = size;
    this.capacity = size * SLOTS_PER_THREAD;
  }

  /** Throws `chunk/corrupt`. */
  async open({ sealed, ...job }: OpenJob): Promise<OpenedChunk> {
    if (sealed.length > SEALED_BYTES_MAX)
      throw new HoldfastError("chunk/corrupt", {
        chunk: Buffer.from(job.id).toString("hex"),
        reason: "it is too large",
      });
    if (this.#threads.length === 0) for (let each = 0; each < this.#size; each++) this.#start();
    const slot = this.#free.shift() ?? (await new Promise<Slot>((resolve) => this.#queue.push(resolve)));
    slot.sealed.set(sealed);
    return await new Promise<OpenedChunk>((resolve, reject) => {
      slot.waiting = { resolve, reject };
      slot.thread.postMessage(requestOf(job, slot, sealed.length));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#free.length = 0;
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
  }

  #start(): void {
    const memory = Array.from({ length: SLOTS_PER_THREAD }, () => new SharedArrayBuffer(SLOT_BYTES));
    // Built code has another ending.
    const file = import.meta.url.endsWith(".ts") ? "./open-worker.ts" : "./open-worker.js";
    const workerData: OpenWorkerData = { ...this.#keys, memory };
    const thread = new Worker(new URL(file, import.meta.url), { workerData });
    const slots = memory.map((each, number): Slot => ({ thread, number, ...slotViews(each), waiting: undefined }));
    const failed = (error: unknown) => {
      for (const slot of slots) slot.waiting?.reject(error);
    };
    thread.on("message", (answer: OpenAnswer) => this.#answered(slots[answer.slot], answer));
    thread.on("error", failed);
    thread.on("exit", () => failed(new Error("a thread that opens chunks ended")));
    this.#threads.push(thread);
    // One slot of each thread before the second of any, so that all work.
    this.#free.unshift(...slots.slice(0, 1));
    this.#free.push(...slots.slice(1));
  }

  #answered(slot: Slot | undefined, answer: OpenAnswer): void {
    const { resolve, reject } = slot?.waiting ?? bug("a thread answered what nobody asked");
    if (!slot) return;
    slot.waiting = undefined;
    const release = () => {
      const next = this.#queue.shift();
      if (next) next(slot);
      else this.#free.push(slot);
    };
    if (!answer.error) {
      resolve({ plain: slot.plain.subarray(0, answer.plainLength), release });
      return;
    }
    release();
    reject(fromErrorBody(answer.error));
  }
}
