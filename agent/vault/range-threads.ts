/**
 * Who works through ranges of packs: threads, or for little this thread. Each thread has two ranges under way, at most 4.2 MiB each, and one
 * plaintext of at most 4 MiB; that is all that is held, however slow the disk or the network.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { keepYoungHeapSmall } from "../../base/lean-memory.ts";
import { asHoldfastError, fromErrorBody } from "../../protocol/errors.ts";
import type {
  FetchedPart,
  FromRangeThread,
  RangeDone,
  RangeJob,
  RangeThreadSettings,
  ToRangeThread,
} from "./range-job.ts";
import { RANGES_TOGETHER, RangeWork, type Taker } from "./range-work.ts";

export interface RangeRunner extends AsyncDisposable {
  /** So many may be under way. */
  readonly capacity: number;
  /** Throws what concerns more than single chunks. */
  run(job: RangeJob): Promise<RangeDone>;
}

/** The ordinary way to the bytes of a job; given up when nobody waits for them any more. */
export type FetchParts = (job: RangeJob, stop: AbortSignal) => Promise<readonly FetchedPart[]>;

const THREADS_MAX = 4;
/** They make little garbage besides large buffers, which lie elsewhere. */
const YOUNG_HEAP = { maxYoungGenerationSizeMb: 4 };

interface Thread {
  readonly worker: Worker;
  readonly ended: Promise<void>;
  readonly jobs: Map<number, Waiting>;
  hasEnded: boolean;
}

interface Waiting {
  readonly job: RangeJob;
  readonly resolve: (done: RangeDone) => void;
  readonly reject: (error: unknown) => void;
}

export class RangeThreads implements RangeRunner {
  readonly capacity: number;
  readonly #threads: readonly Thread[];
  readonly #fetch: FetchParts;
  readonly #stop = new AbortController();

  /** `file`: calls `workThroughRanges`. */
  constructor(
    file: URL,
    settings: RangeThreadSettings,
    { fetch, threads = Math.min(availableParallelism(), THREADS_MAX) }: { fetch: FetchParts; threads?: number },
  ) {
    this.#fetch = fetch;
    this.#threads = Array.from({ length: threads }, () => this.#start(file, settings));
    this.capacity = threads * RANGES_TOGETHER;
  }

  run(job: RangeJob): Promise<RangeDone> {
    const thread = this.#threads.reduce((least, each) => (each.jobs.size < least.jobs.size ? each : least));
    return new Promise((resolve, reject) => {
      if (thread.hasEnded) return reject(endedThread());
      thread.jobs.set(job.number, { job, resolve, reject });
      thread.worker.postMessage({ kind: "job", job } satisfies ToRangeThread, [job.work.buffer as ArrayBuffer]); // Made for this job alone.
    });
  }

  /** Threads end by themselves: `terminate` in the middle of a system call takes the whole process down (node:ffi). */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const { worker } of this.#threads) worker.postMessage({ kind: "stop" } satisfies ToRangeThread);
    await Promise.all(this.#threads.map(({ ended }) => ended));
  }

  #start(file: URL, settings: RangeThreadSettings): Thread {
    keepYoungHeapSmall(); // Where threads are started there is much to do.
    const worker = new Worker(file, {
      workerData: settings,
      resourceLimits: YOUNG_HEAP,
      execArgv: ["--disable-warning=ExperimentalWarning"], // We know that we use node:ffi.
    });
    const jobs = new Map<number, Waiting>();
    const failed = (error: unknown) => {
      for (const { reject } of jobs.values()) reject(asHoldfastError(error));
      jobs.clear();
    };
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    const thread: Thread = { worker, ended, jobs, hasEnded: false };
    worker.on("error", failed);
    worker.once("exit", () => {
      thread.hasEnded = true;
      failed(endedThread());
    });
    worker.on("message", (message: FromRangeThread) => {
      const waiting = jobs.get(message.number);
      if (!waiting) return;
      if (message.kind === "fetch") void this.#provide(worker, waiting);
      else {
        jobs.delete(message.number);
        if (message.kind === "done") waiting.resolve(message.done);
        else waiting.reject(fromErrorBody(message.error));
      }
    });
    return thread;
  }

  async #provide(worker: Worker, { job, reject }: Waiting): Promise<void> {
    try {
      const parts = await this.#fetch(job, this.#stop.signal);
      worker.postMessage({ kind: "parts", number: job.number, parts } satisfies ToRangeThread);
    } catch (error) {
      reject(error);
    }
  }
}

const endedThread = (): Error => new Error("a thread that reads packs ended");

/** The same on this thread: starting others takes longer than little work. */
export class RangesHere implements RangeRunner {
  readonly capacity = RANGES_TOGETHER;
  readonly #work: RangeWork;
  readonly #end: (() => void) | undefined;
  readonly #stop = new AbortController();

  constructor(
    { begin, end }: { readonly begin: (job: RangeJob) => Taker; readonly end?: () => void },
    settings: Omit<RangeThreadSettings, "own" | "ranges">,
    { fetch }: { fetch: FetchParts },
  ) {
    this.#work = new RangeWork({
      ...settings,
      ranges: undefined,
      begin,
      fetch: (job) => fetch(job, this.#stop.signal),
    });
    this.#end = end;
  }

  run(job: RangeJob): Promise<RangeDone> {
    return this.#work.run(job);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#work[Symbol.dispose]();
    this.#end?.();
  }
}
