/** A reading thread: reads files, splits or bundles them, asks the main thread what is new, seals that into packs. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../base/clock.ts";
import { collectYoung } from "../../base/collect-garbage.ts";
import { asHoldfastError, bug } from "../../protocol/errors.ts";
import { JobReader, openSessionOf } from "./job-reader.ts";
import { nextLevel, startLevel } from "./level-rule.ts";
import { PackFiller } from "./pack-filler.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./read-job.ts";

const port = parentPort ?? bug("the reading thread was started without a port");
const settings: WorkerSettings = workerData;
const post = (message: FromWorker) => port.postMessage(message);

let pace = startLevel(settings.level);
/** When the pack's buffer was asked for, and when it came. */
let [askedAt, givenAt] = [0, 0];
/** By number. Shared for good: handing memory to and fro would make the collector run all the time. */
const buffers: (ArrayBufferLike | undefined)[] = [];
const filler = new PackFiller([], {
  kind: "data",
  targetBytes: settings.packBytes,
  level: () => pace.level,
  openSession: () => openSessionOf(settings),
  onWaiting: () => {
    askedAt = systemClock.now();
    post({ kind: "need" });
  },
  onPack: ({ id, bytes, chunkIds }) => {
    pace = nextLevel(pace, { waitedMs: givenAt - askedAt, filledMs: systemClock.now() - givenAt });
    collectYoung();
    const buffer = buffers.indexOf(bytes.buffer);
    post({ kind: "pack", id, buffer, length: bytes.length, chunkIds: Buffer.concat(chunkIds) });
  },
});

const reader = new JobReader(settings, filler);
const answers = new Map<number, (known: Uint8Array) => void>();
let lastQuestion = 0;

port.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "job":
      reader
        .read(message.read, (...question) => ask(message.job, ...question))
        .then((result) => post({ kind: "done", job: message.job, result }), fail);
      break;
    case "answer":
      answers.get(message.question)?.(message.known);
      answers.delete(message.question);
      break;
    case "buffer": {
      const memory = message.memory ?? buffers[message.buffer] ?? bug("a buffer was never shown to this thread");
      buffers[message.buffer] = memory;
      givenAt = systemClock.now();
      filler.giveBack(Buffer.from(memory));
      break;
    }
    case "flush":
      filler.flush().then(() => post({ kind: "flushed" }), fail);
      break;
    case "stop":
      port.close(); // Nothing else keeps the thread.
      break;
  }
});

function ask(job: number, about: "files" | "chunks", ids: Uint8Array, indexes: readonly number[]): Promise<Uint8Array> {
  const question = ++lastQuestion;
  return new Promise((resolve) => {
    answers.set(question, resolve);
    post({ kind: "ask", question, job, about, ids, indexes });
  });
}

function fail(cause: unknown): void {
  const error = asHoldfastError(cause);
  post({
    kind: "failed",
    code: error.code,
    data: error.data,
    stack: String(cause instanceof Error ? cause.stack : cause),
  });
}
