/** Checks the chunks of content that files refer to, each distinct one once, in batches. */
import { HoldfastError } from "../../protocol/errors.ts";
import { LOCATE_IDS_MAX } from "../../protocol/limits.ts";
import type { FileEntry } from "../model/entry.ts";
import type { ChunkSource } from "../vault/chunk-source.ts";
import { IdSet } from "../vault/id-set.ts";
import { isDamage } from "../vault/page-reader.ts";
import { readSlices } from "../vault/read-slices.ts";

/** By id as Latin-1: chunks that can't be had, and root lists that can't be read whole. */
export type BadChunks = ReadonlyMap<string, HoldfastError>;

export class ChunkCheck {
  readonly #source: ChunkSource;
  readonly #options: { readonly readData: boolean; readonly signal: AbortSignal | undefined };
  readonly #seen = new IdSet();
  readonly #lists = new IdSet();
  readonly #bad = new Map<string, HoldfastError>();
  /** With how many bytes of each are referred to. */
  #batch = new Map<string, { readonly id: Buffer; end: number }>();

  constructor(source: ChunkSource, options: { readData: boolean; signal: AbortSignal | undefined }) {
    this.#source = source;
    this.#options = options;
  }

  get bad(): BadChunks {
    return this.#bad;
  }

  get count(): number {
    return this.#seen.size;
  }

  async add(file: FileEntry): Promise<void> {
    const { content } = file;
    if (content.kind === "list" && !this.#lists.add(content.list)) return;
    try {
      for await (const slices of readSlices(this.#source, file, { signal: this.#options.signal })) {
        for (const slice of slices) if (slice.kind === "chunk") this.#note(slice.chunk, slice.offset + slice.length);
        if (this.#batch.size >= LOCATE_IDS_MAX) await this.finish();
      }
    } catch (error) {
      if (!isDamage(error) || content.kind !== "list") throw error;
      this.#bad.set(content.list.toString("latin1"), error);
    }
  }

  /** Checks what was noted and not yet looked at. */
  async finish(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Map();
    const ids = [...batch.values()].map(({ id }) => id);
    const { signal } = this.#options;
    if (this.#options.readData) {
      for await (const { id, plain, error } of this.#source.read(ids, { kind: "content", signal })) {
        const name = id.toString("latin1");
        if (error) this.#bad.set(name, error);
        else if (plain.length < (batch.get(name)?.end ?? 0)) this.#bad.set(name, tooShort(id));
      }
      return;
    }
    for (let from = 0; from < ids.length; from += LOCATE_IDS_MAX) {
      const { lost } = await this.#source.locate(ids.slice(from, from + LOCATE_IDS_MAX), signal);
      for (const id of lost)
        this.#bad.set(id.toString("latin1"), new HoldfastError("chunk/lost", { chunk: id.toString("hex") }));
    }
  }

  #note(id: Buffer, end: number): void {
    const noted = this.#batch.get(id.toString("latin1"));
    if (noted) noted.end = Math.max(noted.end, end);
    else if (this.#seen.add(id)) this.#batch.set(id.toString("latin1"), { id: Buffer.from(id), end });
  }
}

const tooShort = (id: Buffer): HoldfastError =>
  new HoldfastError("chunk/corrupt", { chunk: id.toString("hex"), reason: "it is shorter than the catalog says" });
