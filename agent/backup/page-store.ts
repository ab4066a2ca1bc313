/** Where the pages and lists of the catalog in the making go: into the local state, and, if the service lacks them, into packs. */
import { aloneInMemory } from "../../base/bytes.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import type { ChunkNamer } from "../chunk/chunk-id.ts";
import { type EncodedPage, pageLinks } from "../model/page.ts";
import type { State } from "../state/state.ts";
import type { CatalogSink, KnownPage, Mark } from "../vault/catalog-builder.ts";
import type { KnownChunks } from "./known-chunks.ts";
import type { PackFiller } from "./pack-filler.ts";

export interface PageStoreOptions {
  readonly state: State;
  readonly known: KnownChunks;
  readonly nameChunk: ChunkNamer;
  readonly filler: PackFiller;
}

export class PageStore implements CatalogSink {
  readonly #options: PageStoreOptions;
  readonly #live = new Set<string>();
  /** Pages that are not in a pack yet. */
  #waiting = 0;
  #failure: unknown;

  constructor(options: PageStoreOptions) {
    this.#options = options;
  }

  /** Pages that were made or kept, as Latin-1; not what is below a kept one. */
  get live(): ReadonlySet<string> {
    return this.#live;
  }

  /** Pages in memory, for the caller to bound. */
  get waiting(): number {
    return this.#waiting;
  }

  putPage({ plain, links, marks }: EncodedPage & { readonly marks: readonly Mark[] | undefined }): Buffer {
    const id = this.#put(CHUNK_TYPES.page, plain, links);
    this.#live.add(id.toString("latin1"));
    this.#options.state.putPage(id, { plain, marks: Buffer.concat(marks ?? []) });
    return id;
  }

  putList({ plain, links }: EncodedPage): Buffer {
    const id = this.#put(CHUNK_TYPES.list, plain, links);
    this.#options.state.putList(id, links);
    return id;
  }

  keepPage(page: KnownPage): void {
    this.#live.add(page.page.toString("latin1"));
    this.#send(CHUNK_TYPES.page, page.page, page.plain, pageLinks);
  }

  /** Everything is in packs that were handed on. Throws what went wrong on the way. */
  async flush(): Promise<void> {
    await this.#options.filler.flush();
    if (this.#failure) throw this.#failure;
  }

  #put(type: PageType, plain: Buffer, links: Buffer): Buffer {
    const id = aloneInMemory(this.#options.nameChunk(type, plain));
    this.#send(
      type,
      id,
      () => plain,
      () => links,
    );
    return id;
  }

  /** Unless the service has it. */
  #send(type: PageType, id: Buffer, read: () => Buffer, linksOf: (plain: Buffer) => Buffer): void {
    const { known, filler } = this.#options;
    if (known.claim(id) !== "new") return;
    const plain = read();
    this.#waiting++;
    filler
      .add({ type, id, plain, links: linksOf(plain) })
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#waiting--);
  }
}

type PageType = typeof CHUNK_TYPES.page | typeof CHUNK_TYPES.list;
