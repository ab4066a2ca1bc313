/** The trash: packs that nobody refers to wait some days before their files go. A purged vault goes with all it has. */
import { packName } from "../../blobs/blobs.ts";
import type { RecordStores } from "../../records/records.ts";
import type { VaultRow } from "../../records/rows.ts";
import { removeWithRows } from "../backup/remove-blob.ts";
import type { Domain } from "../domain.ts";

export const TRASH_MS = 7 * 24 * 3600 * 1000;
const PACKS_PER_QUERY = 100;
const VAULTS_PER_QUERY = 100;

/** Answers how many files went. */
export async function emptyTrash(domain: Domain, { trashMs = TRASH_MS } = {}): Promise<number> {
  const { records, clock } = domain;
  let removed = 0;
  for (;;) {
    const before = clock.now() - trashMs;
    const packs = await records.reach.listTrash(before, PACKS_PER_QUERY);
    let gone = 0;
    for (const pack of packs) {
      const vault = await records.vaults.findByNumber(pack.vault);
      if (vault === undefined) continue;
      const id = Buffer.from(pack.id).toString("hex");
      const blob = packName(vault.id, id);
      // In the pack's turn: somebody may be sending the same one again.
      const isGone = await domain.inTurn(`pack/${id}`, () =>
        removeWithRows(domain, { machine: vault.machine, blob }, async (stores) => {
          const current = await stores.reach.findPack(pack.number);
          if (current?.state !== "trash" || (current.stateAt ?? before) >= before) return false;
          await stores.packs.remove(pack.number);
          return true;
        }),
      );
      if (isGone) gone++;
    }
    removed += gone;
    if (gone === 0) break;
  }
  return removed + (await removePurged(domain, trashMs));
}

/**
 * In the transaction of whoever purges a machine: everything of its vault is in the trash, and its room free at once. `unpurgeVault` undoes it as long
 * as nothing was removed.
 */
export async function purgeVault(domain: Domain, stores: RecordStores, vault: VaultRow): Promise<void> {
  const at = domain.clock.now();
  const used = (await stores.reach.sums(vault.number)).filter(({ state }) => state !== "trash");
  await stores.reach.changePacks(
    vault.number,
    { states: ["staged", "live", "damaged"] },
    { state: "trash", stateAt: at },
  );
  const kept = (await stores.reach.listSnapshots(vault.number, ["kept"])).map(({ sequence }) => sequence);
  await stores.reach.changeSnapshots(vault.number, kept, { state: "pruned", stateAt: at });
  await stores.spaces.change(vault.number, { purgedAt: at, isDue: 0, heldAt: null, heldBytes: null });
  await stores.quota.charge(vault.machine, -used.reduce((sum, { bytes }) => sum + bytes, 0));
}

/** False: it was not purged, or is not whole any more. */
export async function unpurgeVault(domain: Domain, stores: RecordStores, vault: VaultRow): Promise<boolean> {
  const { purgedAt } = await stores.spaces.find(vault.number);
  if (purgedAt === null || purgedAt <= domain.clock.now() - TRASH_MS) return false;
  const before = await stores.reach.sums(vault.number);
  await stores.reach.changePacks(
    vault.number,
    { states: ["trash"], stateAt: purgedAt },
    { state: "live", stateAt: null },
  );
  const pruned = await stores.reach.listSnapshots(vault.number, ["pruned"]);
  const back = pruned.filter(({ stateAt }) => stateAt === purgedAt).map(({ sequence }) => sequence);
  await stores.reach.changeSnapshots(vault.number, back, { state: "kept", stateAt: null });
  await stores.spaces.change(vault.number, { purgedAt: null, isDue: 1 });
  const bytesOf = (sums: typeof before) => sums.find(({ state }) => state === "live")?.bytes ?? 0;
  await stores.quota.charge(vault.machine, bytesOf(await stores.reach.sums(vault.number)) - bytesOf(before));
  return true;
}

/** Records, notes and cards of purged vaults, when their packs are gone. */
async function removePurged({ records, blobs, clock }: Domain, trashMs: number): Promise<number> {
  let removed = 0;
  for (const number of await records.spaces.listPurged(clock.now() - trashMs, VAULTS_PER_QUERY)) {
    const vault = await records.vaults.findByNumber(number);
    if (vault === undefined || (await records.reach.listPacks(number, 0, 1)).length > 0) continue;
    // The records' rows first: none may name a file that is not there.
    await records.reach.removeSnapshots(number);
    for (const folder of ["records", "receipts", "pruned", "vaults"]) {
      const names: string[] = [];
      for await (const name of blobs.list(`${folder}/${vault.id}`)) names.push(name);
      for (const name of names) await blobs.remove(name);
      removed += names.length;
    }
    await records.spaces.change(number, { purgedAt: null, card: null });
  }
  return removed;
}
