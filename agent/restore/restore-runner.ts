/** Who opens and writes in a restore: threads, or for little this one. */
import { type Random, systemRandom } from "../../base/random.ts";
import { WholeFiles, type WholeFilesOptions } from "../disk/whole-files.ts";
import type { ChunkSource } from "../vault/chunk-source.ts";
import { type FetchParts, type RangeRunner, RangesHere, RangeThreads } from "../vault/range-threads.ts";
import type { Totals } from "./selection.ts";
import { takePieces } from "./take-pieces.ts";

/** With less, starting threads takes longer than the work. */
const THREADS_FROM = { bytes: 8 * 1024 * 1024, files: 2_000 };

export interface RunnerOptions {
  readonly totals: Totals;
  readonly threads?: number | undefined;
  readonly random?: Random;
  readonly signal?: AbortSignal | undefined;
}

export function restoreRunner(
  chunks: ChunkSource,
  places: Omit<WholeFilesOptions, "random">,
  { totals, threads, random = systemRandom, signal }: RunnerOptions,
): RangeRunner {
  const settings = chunks.settings(places);
  const fetch: FetchParts = (job, stop) => chunks.fetchParts(job, signal ? AbortSignal.any([signal, stop]) : stop);
  if (threads === 0 || (threads === undefined && isLittle(totals))) {
    const files = new WholeFiles({ ...places, random });
    return new RangesHere({ begin: takePieces(files), end: () => files[Symbol.dispose]() }, settings, { fetch });
  }
  // Built code has another ending.
  const file = import.meta.url.endsWith(".ts") ? "./restore-worker.ts" : "./restore-worker.js";
  return new RangeThreads(new URL(file, import.meta.url), settings, threads ? { fetch, threads } : { fetch });
}

const isLittle = ({ bytes, files }: Totals): boolean => bytes < THREADS_FROM.bytes && files < THREADS_FROM.files;
