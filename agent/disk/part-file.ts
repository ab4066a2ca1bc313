/** A file that is being restored. Until it is finished it has no real name, and only its owner may read it. */
import { closeSync, constants, fsyncSync, ftruncateSync, openSync } from "node:fs";
import { HoldfastError } from "../../protocol/errors.ts";
import { asPlaceError } from "./guard.ts";
import { writeAll } from "./write-all.ts";

/** `path` is where it stands now, relative to the target. `kept`: what had the name stays, nothing was restored. */
export type Placed = { readonly kind: "placed"; readonly path: Buffer } | { readonly kind: "kept" };

export interface PartFileCalls {
  /** Sets the metadata and gives the real name. */
  readonly finish: (file: PartFile) => Placed;
  readonly forget: (file: PartFile) => void;
  readonly remove: () => void;
}

/** Made here and now, and reached through no link. */
export const PART_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

export class PartFile {
  readonly #shown: string;
  readonly #sizeBytes: number;
  readonly #calls: PartFileCalls;
  #fd: number | undefined;
  #endBytes = 0;

  constructor(path: Buffer, shown: string, sizeBytes: number, calls: PartFileCalls) {
    this.#shown = shown;
    this.#sizeBytes = sizeBytes;
    this.#calls = calls;
    this.#fd = openSync(path, PART_FLAGS, 0o600);
  }

  /** For other threads to write to, before it is finished or abandoned. Throws when it was given up. */
  get descriptor(): number {
    return this.#open();
  }

  /** The open file as a disk path, where the system has such paths. */
  get self(): Buffer | undefined {
    return process.platform === "linux" ? Buffer.from(`/proc/self/fd/${this.#open()}`) : undefined;
  }

  /** In any order. What is never written stays a hole. Throws `disk/full` and `restore/failed-file`. */
  writeAt(bytes: Uint8Array, position: number): void {
    this.claim(position, bytes.length);
    try {
      writeAll(this.#open(), bytes, position);
    } catch (cause) {
      throw asPlaceError(cause, this.#shown);
    }
  }

  /** That somebody else writes there through the descriptor. Throws `restore/failed-file` beyond its size. */
  claim(position: number, length: number): void {
    if (position < 0 || position + length > this.#sizeBytes) throw beyondSize(this.#shown);
    this.#endBytes = Math.max(this.#endBytes, position + length);
  }

  /** `durable`: the content survives a power cut from here on (the name after `Target.sync`). After a failure the file is gone. */
  finish(options: { readonly durable?: boolean } = {}): Placed {
    try {
      const fd = this.#open();
      if (this.#endBytes < this.#sizeBytes) ftruncateSync(fd, this.#sizeBytes);
      // The name must never lead to content that a power cut can take back.
      if (options.durable) fsyncSync(fd);
      const placed = this.#calls.finish(this);
      this.#close();
      return placed;
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Removes it. */
  abandon(): void {
    if (this.#fd === undefined) return;
    this.#close();
    this.#calls.remove();
  }

  #open(): number {
    if (this.#fd !== undefined) return this.#fd;
    throw new HoldfastError("restore/failed-file", { path: this.#shown, reason: "it was given up" });
  }

  #close(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
    this.#calls.forget(this);
  }
}

export const beyondSize = (shown: string): HoldfastError =>
  new HoldfastError("restore/failed-file", { path: shown, reason: "content beyond its size" });
