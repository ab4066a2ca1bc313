/** A file that is being restored. Until it is finished it has no real name, and only its owner may read it. */
import { closeSync, constants, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { HoldfastError } from "../../protocol/errors.ts";
import { systemCode, systemReason } from "./found.ts";

/** `path` is where it stands now, relative to the target. `kept`: what had the name stays, nothing was restored. */
export type Placed = { readonly kind: "placed"; readonly path: Buffer } | { readonly kind: "kept" };

export interface PartFileCalls {
  /** Sets the metadata and gives the real name. */
  readonly finish: (file: PartFile) => Placed;
  readonly forget: (file: PartFile) => void;
  readonly remove: () => void;
}

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

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
    this.#fd = openSync(path, FLAGS, 0o600);
  }

  /** The open file as a disk path, where the system has such paths. */
  get self(): Buffer | undefined {
    return process.platform === "linux" ? Buffer.from(`/proc/self/fd/${this.#open()}`) : undefined;
  }

  /** In any order. What is never written stays a hole. Throws `disk/full` and `restore/failed-file`. */
  writeAt(bytes: Uint8Array, position: number): void {
    if (position < 0 || position + bytes.length > this.#sizeBytes) {
      throw new HoldfastError("restore/failed-file", { path: this.#shown, reason: "content beyond its size" });
    }
    const fd = this.#open();
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(fd, bytes, done, bytes.length - done, position + done);
      }
    } catch (cause) {
      const code = systemCode(cause);
      if (code === "ENOSPC" || code === "EDQUOT")
        throw new HoldfastError("disk/full", { path: this.#shown }, { cause });
      throw new HoldfastError("restore/failed-file", { path: this.#shown, reason: systemReason(cause) }, { cause });
    }
    this.#endBytes = Math.max(this.#endBytes, position + bytes.length);
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
