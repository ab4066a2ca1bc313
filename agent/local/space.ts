/**
 * What a local copy needs: which packs each snapshot keeps, found by the links that stand in the clear (format §5), so without a key. Distinct
 * pages and chunks are remembered, 64 to 128 bytes each.
 */
import { setImmediate as pause } from "node:timers/promises";
import { IdSet } from "../../base/id-set.ts";
import type { CopyIndex, IndexedSnapshot } from "./copy-index.ts";

const IDS_PER_TURN = 20_000;

/** Packs that something needs, and their bytes; snapshot after snapshot. */
export class NeededPacks {
  readonly packs = new Set<number>();
  readonly #index: CopyIndex;
  readonly #seen = new IdSet();
  readonly #sizes: ReadonlyMap<number, number>;
  #bytes = 0;

  constructor(index: CopyIndex) {
    this.#index = index;
    this.#sizes = new Map(index.packs().map(({ number, sizeBytes }) => [number, sizeBytes]));
    // What a run that is not committed has sent belongs to the next one.
    for (const { number, state } of index.packs()) if (state === "staged") this.#need(number);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async add({ root }: Pick<IndexedSnapshot, "root">): Promise<void> {
    const waiting = [root];
    for (let turn = 1; ; turn++) {
      const id = waiting.pop();
      if (!id) return;
      if (!this.#seen.add(id)) continue;
      // Every copy counts: a page whose links were left out somewhere can't make anything look unneeded.
      for (const { pack, links } of this.#index.copiesOf(id)) {
        this.#need(pack);
        for (let at = 0; at < links.length; at += 32) waiting.push(links.subarray(at, at + 32));
      }
      if (turn % IDS_PER_TURN === 0) await pause();
    }
  }

  #need(pack: number): void {
    if (this.packs.has(pack)) return;
    this.packs.add(pack);
    this.#bytes += this.#sizes.get(pack) ?? 0;
  }
}
