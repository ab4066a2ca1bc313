/** Counts, while a run goes on, what its flags are made of (protocol/brakes.ts). */
import { BRAKES, type RunChanges } from "../../protocol/brakes.ts";
import type { Cell } from "./cell.ts";
import { isCompressedType } from "./compressed-types.ts";
import type { ReadResult } from "./read-job.ts";

/** A bundle with more than this share of files that are compressed anyway says nothing. */
const COMPRESSED_SHARE_MAX = 0.1;
/** How much the newest run counts in the average. */
const NEWEST_WEIGHT = 0.3;

export class ChangeTally {
  filesGone = 0;
  /** Those that are somewhere else now. */
  filesMoved = 0;
  filesNew = 0;
  filesChanged = 0;
  #plainBytes = 0;
  #storedBytes = 0;

  /** What a job has stored of its files. */
  add(cells: readonly Cell[], { files, plainBytes, encodedBytes }: ReadResult): void {
    let [all, compressed] = [0, 0];
    for (const [index, { found, old }] of cells.entries()) {
      const read = files[index];
      if (!read || read.trouble) continue;
      if (read.offset < 0) {
        // What it holds was there before: copied to another place, perhaps to be deleted here.
        if (!old) this.filesMoved++;
        continue;
      }
      all += read.sizeBytes;
      if (isCompressedType(found.path)) compressed += read.sizeBytes;
    }
    if (compressed > all * COMPRESSED_SHARE_MAX) return;
    this.#plainBytes += plainBytes;
    this.#storedBytes += encodedBytes;
  }

  changes(filesBefore: number, storedPercentBefore: number | null): RunChanges {
    const filesGone = Math.max(0, this.filesGone - this.filesMoved);
    const filesReplaced = this.filesChanged + Math.min(this.filesNew, filesGone);
    return { filesBefore, filesGone, filesReplaced, storedPercent: this.storedPercent, storedPercentBefore };
  }

  /** For the next runs to compare with. */
  percentAfter(before: number | null): number | null {
    const now = this.storedPercent;
    if (now === null || before === null) return now ?? before;
    return Math.round(before * (1 - NEWEST_WEIGHT) + now * NEWEST_WEIGHT);
  }

  /** Null: too few bytes to tell. */
  get storedPercent(): number | null {
    if (this.#plainBytes < BRAKES.storedBytesMin) return null;
    return Math.round((this.#storedBytes / this.#plainBytes) * 100);
  }
}
