/**
 * A zip archive, zip64 where sizes need it: deflated, with Unix modes and symbolic links. Hard links become files of their own; devices and pipes are left
 * out. What a zip's end must know of each entry is held: some 600 bytes each, so there is a limit to their number.
 */
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { Entry, FileEntry } from "../../../agent/model/entry.ts";
import { clampedDate, drained, type NameOf, type PackSink, written } from "./pack-sink.ts";

export const ZIP_ENTRIES_MAX = 100_000;
/** What DOS dates can say; the time in seconds beside them ends in 2038. */
const FIRST_MS = Date.UTC(1980, 0, 2);
const LAST_MS = Date.UTC(2038, 0, 1);
const SYMLINK = 0o120_000;
const FOLDER = 0o040_000;
const FILE = 0o100_000;
/** The service packs for many: the least work that still packs. */
const DEFLATE_LEVEL = 1;

/** yazl 3.3.1 on its inside: it looks for the next entry from the first on, each time, so those that are written wait elsewhere for the end. */
interface Inside {
  entries: { readonly state: number }[];
}
const WRITTEN = 3;
const EMPTY = Buffer.alloc(0);

export class ZipSink implements PackSink {
  readonly output: PassThrough;
  readonly #zip = new ZipFile();
  readonly #inside = this.#zip as unknown as Inside; // The version is exact, and a test packs 70,000 entries.
  readonly #written: { readonly state: number }[] = [];
  readonly #nameOf: NameOf;
  #file: PassThrough | undefined;
  #failure: Error | undefined;

  constructor(nameOf: NameOf) {
    this.#nameOf = nameOf;
    this.output = this.#zip.outputStream as PassThrough; // It is one; typed as less.
    this.output.on("error", () => undefined); // Whoever reads sees it.
    this.#zip.on("error", (error: Error) => this.destroy(error));
  }

  async other(entry: Exclude<Entry, { type: "file" | "socket" }>): Promise<void> {
    if (entry.type === "folder") {
      const mode = FOLDER | (entry.mode & 0o777);
      this.#zip.addEmptyDirectory(this.#nameOf(entry.path), { mtime: dateOf(entry), mode });
    } else if (entry.type === "symlink") {
      this.#whole(entry, entry.target, SYMLINK | 0o777);
    }
    await this.#settle();
  }

  async link(): Promise<boolean> {
    return false;
  }

  async begin(file: FileEntry): Promise<void> {
    this.#check();
    const mode = FILE | (file.mode & 0o777);
    // Empty ones need no streams, of which there are five for each.
    if (file.sizeBytes === 0) this.#whole(file, EMPTY, mode);
    else this.#stream(file, mode);
  }

  async write(bytes: Buffer): Promise<void> {
    this.#check();
    if (this.#file !== undefined && bytes.length > 0) await written(this.#file, bytes);
  }

  async end(): Promise<void> {
    const file = this.#file;
    if (file !== undefined) {
      // Read to its end: the next one may queue up behind it.
      const read = finished(file, { writable: false });
      file.end();
      await read;
      this.#file = undefined;
    }
    await this.#settle();
  }

  async finish(): Promise<void> {
    this.#inside.entries = [...this.#written, ...this.#inside.entries];
    this.#zip.end();
  }

  destroy(error: Error): void {
    this.#failure ??= error;
    this.#file?.destroy(error);
    this.output.destroy(error);
  }

  #whole(entry: Entry, bytes: Buffer, mode: number): void {
    this.#zip.addBuffer(bytes, this.#nameOf(entry.path), { mtime: dateOf(entry), mode, compressionLevel: 0 });
  }

  #stream(file: FileEntry, mode: number): void {
    const stream = new PassThrough({ highWaterMark: 256 * 1024 });
    stream.on("error", () => undefined); // It was given up.
    this.#file = stream;
    const mtime = dateOf(file);
    const options = { mtime, mode, size: file.sizeBytes, compressionLevel: DEFLATE_LEVEL };
    this.#zip.addReadStream(stream, this.#nameOf(file.path), options);
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Heads are written whether there is room or not. */
  async #settle(): Promise<void> {
    const { entries } = this.#inside;
    while (entries[0]?.state === WRITTEN) this.#written.push(...entries.splice(0, 1));
    this.#check();
    if (this.output.writableNeedDrain) await drained(this.output);
  }
}

const dateOf = (entry: Entry): Date => clampedDate(entry, FIRST_MS, LAST_MS);
