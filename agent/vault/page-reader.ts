/** Decoded pages by id. Those that are looked up one by one are remembered: neighbouring snapshots share most of theirs. */
import { HoldfastError } from "../../protocol/errors.ts";
import { decodePage, type Page } from "../model/page.ts";
import type { ChunkSource } from "./chunk-source.ts";
import { Lru } from "./lru.ts";

/** Of encoded pages; decoded they take about five times as much. */
const REMEMBERED_BYTES_MAX = 8 * 1024 * 1024;

export type ReadPage = { readonly page: Page; readonly error?: undefined } | { readonly error: HoldfastError };

export class PageReader {
  readonly chunks: ChunkSource;
  readonly #known: Lru<Page>;

  /** `bytesMax`: of encoded pages that are remembered. */
  constructor(chunks: ChunkSource, bytesMax = REMEMBERED_BYTES_MAX) {
    this.chunks = chunks;
    this.#known = new Lru(bytesMax);
  }

  /** Throws `chunk/lost`, `chunk/corrupt` and `format/malformed`. */
  async get(id: Buffer, signal?: AbortSignal): Promise<Page> {
    const name = id.toString("latin1");
    const known = this.#known.find(name);
    if (known) return known;
    const plain = await this.chunks.get(id, "page", signal);
    const page = decodePage(plain);
    this.#known.put(name, page, plain.length);
    return page;
  }

  /** In the order of `ids`, which may repeat. They are read together and decoded one by one; leaves are not remembered. */
  async *read(ids: readonly Buffer[], signal?: AbortSignal): AsyncGenerator<ReadPage> {
    const plains = new Map<string, Buffer | HoldfastError>();
    const distinct = new Map(ids.map((id) => [id.toString("latin1"), id]));
    const wanted = [...distinct].filter(([name]) => !this.#known.find(name)).map(([, id]) => id);
    for await (const chunk of this.chunks.read(wanted, { kind: "page", signal }))
      plains.set(chunk.id.toString("latin1"), chunk.error ?? chunk.plain);
    for (const id of ids) yield await this.#decode(id, plains.get(id.toString("latin1")), signal);
  }

  async #decode(id: Buffer, plain: Buffer | HoldfastError | undefined, signal?: AbortSignal): Promise<ReadPage> {
    if (plain instanceof HoldfastError) return { error: plain };
    try {
      if (!plain) return { page: await this.get(id, signal) };
      const page = decodePage(plain);
      if (page.level > 0) this.#known.put(id.toString("latin1"), page, plain.length);
      return { page };
    } catch (error) {
      if (isDamage(error)) return { error };
      throw error;
    }
  }
}

/** Trouble with one chunk or page, not with the service or the run. */
export const isDamage = (error: unknown): error is HoldfastError =>
  error instanceof HoldfastError && DAMAGE.has(error.code);

const DAMAGE: ReadonlySet<string> = new Set(["chunk/lost", "chunk/corrupt", "format/malformed"]);
