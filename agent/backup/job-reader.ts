/** Reads the files of jobs: the same in a reading thread and, for a handful of files, on the main thread. */
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { makeChunkNamer, makeFileNamer } from "../chunk/chunk-id.ts";
import type { SealSession } from "../chunk/seal.ts";
import { makeSplitter, type Splitter } from "../chunk/splitter.ts";
import { openSealSession } from "../vault/seal-session.ts";
import { readBundle } from "./read-bundle.ts";
import type { ReadContext } from "./read-context.ts";
import { AHEAD_BYTES } from "./read-extent.ts";
import { type ReadJob, type ReadResult, unpackFiles, type WorkerSettings } from "./read-job.ts";
import { readLargeFile } from "./read-large-file.ts";

/** A chunk of the largest size, and what is looked at ahead of it. */
const READ_BUFFER_BYTES = CHUNK_BYTES_MAX + AHEAD_BYTES;

export class JobReader {
  readonly #splitKey: Uint8Array;
  readonly #shared: Pick<ReadContext, "nameChunk" | "nameFile" | "filler">;
  readonly #idleSplitters: Splitter[] = [];
  #lastSegment: Promise<unknown> = Promise.resolve();

  constructor({ idKey, splitKey }: WorkerSettings, filler: ReadContext["filler"]) {
    this.#splitKey = splitKey;
    this.#shared = { nameChunk: makeChunkNamer(idKey), nameFile: makeFileNamer(idKey), filler };
  }

  /** One segment at a time: another reading buffer would be filled for little. Bundles go on meanwhile. */
  read(read: ReadJob, ask: ReadContext["ask"]): Promise<ReadResult> {
    if (!read.segment) return this.#read(read, ask);
    const result = this.#lastSegment.then(() => this.#read(read, ask));
    this.#lastSegment = result.catch(() => undefined); // Whoever asked for it hears of it.
    return result;
  }

  async #read(read: ReadJob, ask: ReadContext["ask"]): Promise<ReadResult> {
    const splitter = this.#idleSplitters.pop() ?? makeSplitter(this.#splitKey, READ_BUFFER_BYTES);
    try {
      const context: ReadContext = { ...this.#shared, splitter, ask };
      const files = unpackFiles(read.files);
      const [first] = files;
      if (read.segment && first) return await readLargeFile(first, read.segment, context);
      return await readBundle(files, context);
    } finally {
      this.#idleSplitters.push(splitter);
    }
  }
}

/** A fresh key for the packs of whoever fills them. */
export const openSessionOf = ({ vault, epoch, readPublic }: WorkerSettings): Promise<SealSession> =>
  openSealSession({ vault: Buffer.from(vault), epoch, readPublic: Buffer.from(readPublic) });
