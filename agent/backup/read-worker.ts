/** A reading thread: reads files, splits or bundles them, asks the main thread what is new, seals that into packs. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../base/clock.ts";
import { collectYoung } from "../../base/collect-garbage.ts";
import { asHoldfastError, bug } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { makeChunkNamer, makeFileNamer } from "../chunk/chunk-id.ts";
import { makeSplitter, type Splitter } from "../chunk/splitter.ts";
import { openSealSession } from "../vault/seal-session.ts";
import { nextLevel, startLevel } from "./level-rule.ts";
import { PackFiller } from "./pack-filler.ts";
import { readBundle } from "./read-bundle.ts";
import type { ReadContext } from "./read-context.ts";
import { AHEAD_BYTES } from "./read-extent.ts";
import type { FromWorker, ReadJob, ReadResult, ToWorker, WorkerSettings } from "./read-job.ts";
import { unpackFiles } from "./read-job.ts";
import { readLargeFile } from "./read-large-file.ts";

/** A chunk of the largest size, and what is looked at ahead of it. */
const READ_BUFFER_BYTES = CHUNK_BYTES_MAX + AHEAD_BYTES;

const port = parentPort ?? bug("the reading thread was started without a port");
const settings: WorkerSettings = workerData;
const post = (message: FromWorker) => port.postMessage(message);

const nameChunk = makeChunkNamer(settings.idKey);
const nameFile = makeFileNamer(settings.idKey);
const keys = {
  vault: Buffer.from(settings.vault),
  epoch: settings.epoch,
  readPublic: Buffer.from(settings.readPublic),
};
let pace = startLevel(settings.level);
/** When the pack's buffer was asked for, and when it came. */
let [askedAt, givenAt] = [0, 0];
/** By number. Shared for good: handing memory to and fro would make the collector run all the time. */
const buffers: (ArrayBufferLike | undefined)[] = [];
const filler = new PackFiller([], {
  kind: "data",
  targetBytes: settings.packBytes,
  level: () => pace.level,
  openSession: () => openSealSession(keys),
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

const idleSplitters: Splitter[] = [];
const answers = new Map<number, (known: Uint8Array) => void>();
let lastQuestion = 0;

port.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "job":
      work(message.job, message.read).then((result) => post({ kind: "done", job: message.job, result }), fail);
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

/** One segment at a time: another reading buffer would be filled for little. Bundles go on meanwhile. */
let lastSegment: Promise<unknown> = Promise.resolve();

function work(job: number, read: ReadJob): Promise<ReadResult> {
  if (!read.segment) return readIn(job, read);
  const result = lastSegment.then(() => readIn(job, read));
  lastSegment = result.catch(() => undefined); // Whoever asked for it hears of it.
  return result;
}

async function readIn(job: number, read: ReadJob): Promise<ReadResult> {
  const splitter = idleSplitters.pop() ?? makeSplitter(settings.splitKey, READ_BUFFER_BYTES);
  try {
    const context: ReadContext = { splitter, nameChunk, nameFile, filler, ask: (...question) => ask(job, ...question) };
    const files = unpackFiles(read.files);
    const [first] = files;
    if (read.segment && first) return await readLargeFile(first, read.segment, context);
    return await readBundle(files, context);
  } finally {
    idleSplitters.push(splitter);
  }
}

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
