/**
 * A selection written into an archive, whichever kind, in catalog order. Every byte was proven before it is written. A file that can't be had whole is
 * left out and reported, unless its beginning is already on its way: then the archive breaks off with an error, for nothing wrong may stand in it.
 */
import { HoldfastError } from "../../protocol/errors.ts";
import type { Entry, FileEntry } from "../model/entry.ts";
import { readSlices } from "../vault/read-slices.ts";
import type { Vault } from "../vault/vault.ts";
import type { FileJob, Piece, Window, WindowLimits } from "./plan.ts";
import { Windows } from "./windows.ts";

type NotFolder = Exclude<Entry, { type: "folder" }>;

/** What an archive takes, one after the other. */
export interface ArchiveSink {
  /** Everything but files. */
  other(entry: Exclude<Entry, { type: "file" | "socket" }>): Promise<void>;
  /** A further name of what stands under `first` in the archive; false: it can't say that, and gets the content again. */
  link(entry: NotFolder, first: Buffer): Promise<boolean>;
  begin(file: FileEntry): Promise<void>;
  /** Content of the file that was begun. */
  write(bytes: Buffer): Promise<void>;
  end(file: FileEntry): Promise<void>;
}

/** Who counts. */
export interface ArchiveTally {
  files: number;
  bytes: number;
  folders: number;
  others: number;
  addProblem(path: Buffer, error: HoldfastError): void;
  tell(path: Buffer): void;
}

export interface ArchiveRunOptions {
  readonly sink: ArchiveSink;
  readonly tally: ArchiveTally;
  readonly limits: WindowLimits;
  /** Sockets never are. */
  readonly isWanted?: ((entry: Entry) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const ZEROS = Buffer.alloc(64 * 1024);

/** `limits.chunks` chunks of at most 4 MiB are held, and three ranges of packs. Throws `restore/failed-file` and what concerns more than one file. */
export async function archiveEntries(
  { chunks }: Pick<Vault, "chunks">,
  batches: AsyncIterable<readonly Entry[]>,
  { sink, tally, limits, isWanted = () => true, signal }: ArchiveRunOptions,
): Promise<void> {
  const windows = new Windows({
    limits,
    slices: (file) => readSlices(chunks, file, { signal }),
    isWanted: (entry) => entry.type !== "socket" && isWanted(entry),
    onFailed: (entry, error) => tally.addProblem(entry.path, error),
  });
  const run = new ArchiveRun(sink, tally);
  for await (const window of windows.of(batches)) {
    signal?.throwIfAborted();
    const plains = new Map<string, Buffer | HoldfastError>();
    for await (const { id, plain, error } of chunks.read(window.chunks, { kind: "content", signal }))
      plains.set(id.toString("latin1"), error ?? plain);
    await run.add(window, plains, (entry) => windows.again.push(entry));
  }
  await run.finish();
}

type Content = { readonly piece: Piece; readonly bytes: Buffer | HoldfastError }[];

class ArchiveRun {
  readonly #sink: ArchiveSink;
  readonly #tally: ArchiveTally;
  /** Where the first name of a link group stands in the archive. */
  readonly #links = new Map<string, Buffer>();
  /** A file of which not everything is written. */
  #current: { readonly job: FileJob; written: number } | undefined;

  constructor(sink: ArchiveSink, tally: ArchiveTally) {
    this.#sink = sink;
    this.#tally = tally;
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
  }

  async #begin(job: FileJob, content: Content): Promise<void> {
    if (job.isFailed) return;
    const bad = content.find(({ bytes }) => bytes instanceof HoldfastError)?.bytes;
    if (bad instanceof HoldfastError) {
      this.#tally.addProblem(job.entry.path, bad);
      job.isFailed = true;
      return;
    }
    await this.#sink.begin(job.entry);
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
      if (bytes instanceof HoldfastError) {
        this.#tally.addProblem(entry.path, bytes);
        throw bytes;
      }
      await this.#zeros(piece.position - current.written);
      await this.#sink.write(bytes);
      current.written = piece.position + piece.length;
    }
    if (!job.isPlanned) return;
    await this.#zeros(entry.sizeBytes - current.written);
    await this.#sink.end(entry);
    this.#current = undefined;
    this.#remember(entry);
    this.#countFile(entry);
  }

  async #addOther(entry: Entry): Promise<void> {
    if (entry.type === "socket" || entry.type === "file") return;
    await this.#sink.other(entry);
    this.#remember(entry);
    if (entry.type === "folder") this.#tally.folders++;
    else this.#tally.others++;
  }

  async #addLink(entry: NotFolder, alone: (entry: NotFolder) => void): Promise<void> {
    const first = entry.linkGroup && this.#links.get(entry.linkGroup.toString("latin1"));
    if (!first || !(await this.#sink.link(entry, first))) {
      alone(entry);
      return;
    }
    if (entry.type === "file") this.#countFile(entry);
    else this.#tally.others++;
  }

  #countFile({ path, sizeBytes }: FileEntry): void {
    this.#tally.files++;
    this.#tally.bytes += sizeBytes;
    this.#tally.tell(path);
  }

  #remember(entry: Entry): void {
    if (entry.linkGroup) this.#links.set(entry.linkGroup.toString("latin1"), entry.path);
  }

  async #zeros(count: number): Promise<void> {
    for (let left = count; left > 0; left -= ZEROS.length)
      await this.#sink.write(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
  }
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
