/** A thread that restores: fetches ranges of packs, opens them, and writes what is in them. */
import { threadId } from "node:worker_threads";
import { systemRandom } from "../../base/random.ts";
import { WholeFiles, type WholeFilesOptions } from "../disk/whole-files.ts";
import { workThroughRanges } from "../vault/range-thread.ts";
import { takePieces } from "./take-pieces.ts";

workThroughRanges((own) => {
  const options = own as Omit<WholeFilesOptions, "random">; // Given by whoever started this thread.
  const files = new WholeFiles({ ...options, root: Buffer.from(options.root), random: systemRandom });
  return { begin: takePieces(files, (threadId % 2) / 2), end: () => files[Symbol.dispose]() };
});
