/** What the reading of a job needs besides its files. */
import type { ChunkNamer, makeFileNamer } from "../chunk/chunk-id.ts";
import type { Splitter } from "../chunk/splitter.ts";
import type { PackFiller } from "./pack-filler.ts";
import type { ReadFile } from "./read-job.ts";

export interface ReadContext {
  /** The job's own read buffer and splitter. */
  readonly splitter: Splitter;
  readonly nameChunk: ChunkNamer;
  readonly nameFile: ReturnType<typeof makeFileNamer>;
  readonly filler: Pick<PackFiller, "add">;
  /** For each id: 1 when its content is known, 0 when this job must store it. */
  readonly ask: (about: "files" | "chunks", ids: Uint8Array, indexes: readonly number[]) => Promise<Uint8Array>;
}

/** A file of which nothing was read. */
export const NOTHING: ReadFile = { sizeBytes: 0, mtimeNs: 0n, ctimeNs: 0n, changing: false, offset: -1 };
