/** Packs of a vault, a hundred rows at a time. */
import type { RecordStores } from "../../records/records.ts";
import type { PackRow } from "../../records/rows.ts";

const PACKS_PER_QUERY = 100;

/** Committed ones, also damaged, unless states are named. Ascending by number. */
export async function* packsOf(
  stores: RecordStores,
  vault: number,
  states: readonly PackRow["state"][] = ["live", "damaged"],
): AsyncGenerator<PackRow> {
  for (let after = 0; ; ) {
    const packs = await stores.reach.listPacks(vault, after, PACKS_PER_QUERY, states);
    yield* packs;
    after = packs.at(-1)?.number ?? 0;
    if (packs.length < PACKS_PER_QUERY) return;
  }
}
