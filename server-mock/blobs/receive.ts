/**
 * Writes a stream to an open file while hashing it: large writes, one in flight, so that receiving, hashing and writing overlap. By events,
 * not by iteration: a promise for each 64 KiB costs as much as hashing them.
 */
import type { FileHandle } from "node:fs/promises";
import { finished, type Readable } from "node:stream";
import { collectYoung } from "../../base/collect-garbage.ts";
import { md5Stream, sha256Stream } from "../../base/digest.ts";

/** What bytes arrived in would otherwise wait for full collections, which took half of the processor time of receiving (2026-11). */
const COLLECT_BYTES = 8 * 1024 * 1024;

export interface Received {
  readonly sizeBytes: number;
  readonly digest: Buffer;
  /** If it was asked for. */
  readonly md5: Buffer | undefined;
}

export interface ReceiveOptions {
  /** Reading stops when more arrive; the answer then says more than that. */
  readonly sizeBytesMax: number;
  /** Twice `writeBytes` and a piece wait in memory. */
  readonly room: { readonly writeBytes: number };
  /** S3 checks what it gets with it. */
  readonly withMd5?: boolean | undefined;
}

export const receive = (file: FileHandle, source: Readable, options: ReceiveOptions): Promise<Received> =>
  new Promise((resolve, reject) => new Receiver(file, source, { ...options, resolve, reject }).start());

interface Outcome extends ReceiveOptions {
  readonly resolve: (received: Received) => void;
  readonly reject: (error: unknown) => void;
}

class Receiver {
  readonly #file: FileHandle;
  readonly #source: Readable;
  readonly #outcome: Outcome;
  readonly #hash = sha256Stream();
  readonly #md5: ReturnType<typeof md5Stream> | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Written or being written. */
  #written = 0;
  #collectedAt = 0;
  #isWriting = false;
  #ended: { readonly error?: unknown } | undefined;
  #forget: () => void = () => undefined;

  constructor(file: FileHandle, source: Readable, outcome: Outcome) {
    this.#file = file;
    this.#source = source;
    this.#outcome = outcome;
    this.#md5 = outcome.withMd5 ? md5Stream() : undefined;
  }

  start(): void {
    const forget = finished(this.#source, { writable: false }, (error) => this.#end(error ? { error } : {}));
    const take = (piece: Uint8Array) => this.#take(piece);
    this.#source.on("data", take);
    this.#forget = () => {
      forget();
      this.#source.off("data", take);
    };
  }

  #take(piece: Uint8Array): void {
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    if (this.#written + this.#waitingBytes > this.#outcome.sizeBytesMax) {
      this.#source.pause();
      this.#end({});
    } else if (this.#waitingBytes >= this.#outcome.room.writeBytes) {
      if (this.#isWriting) this.#source.pause();
      else this.#write();
    }
  }

  #end(ended: { readonly error?: unknown }): void {
    if (this.#ended) return;
    this.#ended = ended;
    this.#forget();
    if (!this.#isWriting) this.#finish();
  }

  /** Nothing is being written now: the file may be closed as soon as this settles. */
  #finish(): void {
    if (this.#ended?.error !== undefined) this.#outcome.reject(this.#ended.error);
    else if (this.#waitingBytes > 0) this.#write();
    else {
      const [digest, md5] = [this.#hash.digest(), this.#md5?.digest()];
      this.#outcome.resolve({ sizeBytes: this.#written, digest, md5 });
    }
  }

  #write(): void {
    const pieces = this.#waiting;
    const position = this.#written;
    this.#written += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#isWriting = true;
    writeAll(this.#file, pieces, position).then(
      () => this.#wrote(),
      (error: unknown) => {
        this.#isWriting = false;
        this.#ended = { error };
        this.#forget();
        this.#source.pause();
        this.#finish();
      },
    );
    // While they are being written.
    for (const piece of pieces) {
      this.#hash.update(piece);
      this.#md5?.update(piece);
    }
  }

  #wrote(): void {
    this.#isWriting = false;
    if (this.#written - this.#collectedAt >= COLLECT_BYTES) {
      collectYoung();
      this.#collectedAt = this.#written;
    }
    if (this.#ended) {
      this.#finish();
      return;
    }
    if (this.#waitingBytes >= this.#outcome.room.writeBytes) this.#write();
    this.#source.resume();
  }
}

async function writeAll(file: FileHandle, pieces: readonly Uint8Array[], position: number): Promise<void> {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let { bytesWritten } = await file.writev([...pieces], position);
  if (bytesWritten === total) return;
  const rest = Buffer.concat(pieces);
  while (bytesWritten < total)
    bytesWritten += (await file.write(rest, bytesWritten, total - bytesWritten, position + bytesWritten)).bytesWritten;
}
