/** A stretch of a file that moves through the splitter's buffer: what is decided leaves it, what is not stays until more of it is there. */
import { type Extent, type FileReader, readAt } from "../disk/read-file.ts";

export class FileWindow {
  readonly #file: FileReader;
  readonly #extent: Extent;
  readonly buffer: Buffer;
  /** In the buffer: where the bytes begin that are not settled, */
  run = 0;
  /** where looking goes on, */
  at = 0;
  /** and where it is filled to. */
  filled = 0;
  /** In the file: where the buffer begins. */
  #base: number;
  /** Nothing comes after what is in the buffer. */
  isEnd = false;
  /** The file ended before the extent did. */
  isCutShort = false;

  constructor(file: FileReader, extent: Extent, buffer: Buffer) {
    this.#file = file;
    this.#extent = extent;
    this.buffer = buffer;
    this.#base = extent.offset;
  }

  /** In the file. */
  position(at: number): number {
    return this.#base + at;
  }

  /** There are `wanted` bytes to look at afterwards, or all that come. */
  fill(wanted: number): void {
    while (!this.isEnd && this.filled - this.at < wanted) {
      if (this.buffer.length - this.at < wanted || this.filled === this.buffer.length) this.#forget();
      const left = this.#extent.offset + this.#extent.length - this.position(this.filled);
      const length = Math.min(this.buffer.length - this.filled, left);
      const target = this.buffer.subarray(this.filled, this.filled + length);
      const count = readAt(this.#file, target, this.position(this.filled));
      this.filled += count;
      this.isCutShort = count < length;
      this.isEnd = this.isCutShort || count === left;
    }
  }

  /** What is settled makes room. */
  #forget(): void {
    this.buffer.copyWithin(0, this.run, this.filled);
    this.#base += this.run;
    this.at -= this.run;
    this.filled -= this.run;
    this.run = 0;
  }
}
