/**
 * The same selection as a tar archive on a stream, in catalog order. Every byte was proven before it is written. A file that can't be had whole is
 * left out and reported, unless its beginning is already on its way: then the archive breaks off with an error, for nothing wrong may stand in it.
 * At most 16 chunks (64 MiB) are held.
 */
import { once } from "node:events";
import type { Writable } from "node:stream";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Entry } from "../model/entry.ts";
import { readSlices } from "../vault/read-slices.ts";
import type { Snapshot, Vault } from "../vault/vault.ts";
import type { FileJob, Piece, Window, WindowLimits } from "./plan.ts";
import { type RestoreReport, type RunOptions, runRestore } from "./run-restore.ts";
import { selectedEntries } from "./selection.ts";
import type { Tally } from "./tally.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar-header.ts";
import { Windows } from "./windows.ts";

export interface TarOptions extends RunOptions {
  /** Not ended: that is the caller's. */
  readonly to: Writable;
}

const TAR_LIMITS: WindowLimits = { entries: 1000, chunks: 16, openFiles: 1000 };
const ZEROS = Buffer.alloc(64 * 1024);

/** Sockets are left out: an archive can't hold them. */
export async function restoreTar(vault: Vault, snapshot: Snapshot, options: TarOptions): Promise<RestoreReport> {
  const { signal } = options;
  return await runRestore({ vault, snapshot }, options, async ({ selection, tally }) => {
    const windows = new Windows({
      limits: TAR_LIMITS,
      slices: (file) => readSlices(vault.chunks, file, { signal }),
      isWanted: ({ type }) => type !== "socket",
      onFailed: (entry, error) => tally.addProblem(entry.path, error),
    });
    using archive = new Archive(options.to, tally, signal);
    const onDamage = tally.addDamage.bind(tally);
    for await (const window of windows.of(selectedEntries(snapshot, selection, { signal, onDamage }))) {
      const chunks = new Map<string, Buffer | HoldfastError>();
      for await (const { id, plain, error } of vault.chunks.read(window.chunks, { kind: "content", signal }))
        chunks.set(id.toString("latin1"), error ?? plain);
      await archive.add(window, chunks, (entry) => windows.again.push(entry));
    }
    await archive.finish();
  });
}

type NotFolder = Exclude<Entry, { type: "folder" }>;
type Content = { readonly piece: Piece; readonly bytes: Buffer | HoldfastError }[];

class Archive implements Disposable {
  readonly #to: Writable;
  readonly #tally: Tally;
  readonly #signal: AbortSignal | undefined;
  /** Where the first name of a link group stands in the archive. */
  readonly #links = new Map<string, Buffer>();
  /** A file of which not everything is written. */
  #current: { readonly job: FileJob; written: number } | undefined;
  #failure: unknown;

  constructor(to: Writable, tally: Tally, signal: AbortSignal | undefined) {
    this.#to = to;
    this.#tally = tally;
    this.#signal = signal;
    to.on("error", this.#onError);
  }

  async add(
    window: Window,
    chunks: ReadonlyMap<string, Buffer | HoldfastError>,
    alone: (entry: NotFolder) => void,
  ): Promise<void> {
    const contents = contentsOf(window, chunks);
    if (this.#current) await this.#continue(contents.get(this.#current.job) ?? []);
    for (const step of window.steps) {
      if (step.kind === "file") await this.#begin(step.job, contents.get(step.job) ?? []);
      else if (step.kind === "link") await this.#addLink(step.entry, alone);
      else await this.#addOther(step.entry);
    }
  }

  async finish(): Promise<void> {
    if (this.#current) await this.#continue([]);
    await this.#write(tarEnd());
  }

  [Symbol.dispose](): void {
    this.#to.off("error", this.#onError);
  }

  async #begin(job: FileJob, content: Content): Promise<void> {
    if (job.isFailed) return;
    const bad = content.find(({ bytes }) => bytes instanceof HoldfastError)?.bytes;
    if (bad instanceof HoldfastError) {
      this.#tally.addProblem(job.entry.path, bad);
      job.isFailed = true;
      return;
    }
    await this.#write(tarHeader(job.entry));
    this.#current = { job, written: 0 };
    await this.#continue(content);
  }

  /** Once a file has begun, all of it must follow. */
  async #continue(content: Content): Promise<void> {
    const current = this.#current;
    if (!current) return;
    const { job } = current;
    const { entry } = job;
    if (job.isFailed) throw new HoldfastError("restore/failed-file", { path: `/${entry.path}`, reason: BROKEN_OFF });
    for (const { piece, bytes } of content) {
      if (bytes instanceof HoldfastError) throw bytes;
      await this.#zeros(piece.position - current.written);
      await this.#write(bytes);
      current.written = piece.position + piece.length;
    }
    if (!job.isPlanned) return;
    await this.#zeros(entry.sizeBytes - current.written + tarPadding(entry.sizeBytes));
    this.#current = undefined;
    this.#remember(entry);
    this.#tally.files++;
    this.#tally.bytes += entry.sizeBytes;
    this.#tally.tell(entry.path);
  }

  async #addOther(entry: Entry): Promise<void> {
    if (entry.type === "socket") return;
    await this.#write(tarHeader(entry));
    this.#remember(entry);
    if (entry.type === "folder") this.#tally.folders++;
    else this.#tally.others++;
  }

  async #addLink(entry: NotFolder, alone: (entry: NotFolder) => void): Promise<void> {
    const first = entry.linkGroup && this.#links.get(entry.linkGroup.toString("latin1"));
    if (!first || entry.type === "socket") {
      alone(entry);
      return;
    }
    await this.#write(tarHeader(entry, first));
    if (entry.type === "file") {
      this.#tally.files++;
      this.#tally.bytes += entry.sizeBytes;
    } else this.#tally.others++;
  }

  #remember(entry: Entry): void {
    if (entry.linkGroup) this.#links.set(entry.linkGroup.toString("latin1"), entry.path);
  }

  async #zeros(count: number): Promise<void> {
    for (let left = count; left > 0; left -= ZEROS.length)
      await this.#write(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#to.write(bytes)) await once(this.#to, "drain", this.#signal ? { signal: this.#signal } : {});
  }

  readonly #onError = (error: unknown): void => {
    this.#failure = error;
  };
}

const BROKEN_OFF = "a part of it is damaged, and its beginning was written already";

/** What a window holds of each file, in order. */
function contentsOf(window: Window, chunks: ReadonlyMap<string, Buffer | HoldfastError>): Map<FileJob, Content> {
  const contents = new Map<FileJob, Content>();
  for (const id of window.chunks) {
    const chunk = chunks.get(id.toString("latin1")) ?? new HoldfastError("chunk/lost", { chunk: id.toString("hex") });
    for (const piece of window.piecesOf(id)) {
      const content = contents.get(piece.job);
      if (content) content.push({ piece, bytes: bytesOf(chunk, piece) });
      else contents.set(piece.job, [{ piece, bytes: bytesOf(chunk, piece) }]);
    }
  }
  for (const content of contents.values()) content.sort((a, b) => a.piece.position - b.piece.position);
  return contents;
}

function bytesOf(chunk: Buffer | HoldfastError, { offset, length }: Piece): Buffer | HoldfastError {
  if (chunk instanceof HoldfastError || chunk.length >= offset + length)
    return chunk instanceof HoldfastError ? chunk : chunk.subarray(offset, offset + length);
  return new HoldfastError("chunk/corrupt", { chunk: "?", reason: "it is shorter than the catalog says" });
}
