/**
 * What a commit takes up again. A condemned page may refer to condemned chunks, which must come back with it; if one of them is gone already, the
 * page is as good as missing.
 */
import type { RecordStores } from "../../records/records.ts";
import { asBuffer, idsOf } from "./mark.ts";

const IDS_PER_QUERY = 500;

export class Revival {
  readonly #stores: RecordStores;
  readonly #vault: number;
  readonly #ids = new Map<string, Buffer>();
  readonly #missing = new Set<string>();
  readonly #mayBeCondemned: boolean;

  /** `mayBeCondemned`: a collection has ever run. */
  constructor(stores: RecordStores, vault: number, { mayBeCondemned }: { mayBeCondemned: boolean }) {
    this.#stores = stores;
    this.#vault = vault;
    this.#mayBeCondemned = mayBeCondemned;
  }

  /** To be revived in the transaction of the commit. */
  get ids(): readonly Buffer[] {
    return [...this.#ids.values()];
  }

  /** Takes up those of `wanted` that are condemned, and what is below them. Answers what can't be had any more. */
  async add(wanted: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    if (!this.#mayBeCondemned) return [];
    const missing: Uint8Array[] = [];
    const visited: Buffer[] = [];
    let waiting = await this.#condemned(wanted, missing);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, IDS_PER_QUERY);
      visited.push(...batch);
      const below = new Map<string, Buffer>();
      for (const { links } of await this.#stores.reach.linksOf(this.#vault, batch))
        for (const id of idsOf(links)) below.set(id.toString("latin1"), id);
      const ids = [...below.values()];
      missing.push(...(await this.#stores.chunks.listMissing(this.#vault, ids)));
      waiting = [...waiting.slice(IDS_PER_QUERY), ...(await this.#condemned(ids, missing))];
    }
    // Met again on another way, they are as missing as before.
    if (missing.length > 0) for (const id of visited) this.#missing.add(id.toString("latin1"));
    return missing;
  }

  async #condemned(ids: readonly Uint8Array[], missing: Uint8Array[]): Promise<Buffer[]> {
    const found = (await this.#stores.reach.listCondemned(this.#vault, ids)).map(asBuffer);
    const known = (id: Buffer) => this.#ids.has(id.toString("latin1"));
    for (const id of found) if (this.#missing.has(id.toString("latin1"))) missing.push(id);
    const fresh = found.filter((id) => !known(id));
    for (const id of fresh) this.#ids.set(id.toString("latin1"), id);
    return fresh;
  }
}
