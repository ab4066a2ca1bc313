/**
 * Clears up after processes that ended in the middle of something: their promises are void, and a file that they wrote without getting to its rows is
 * removed. A snapshot that was acknowledged has its rows, so nothing of it is touched. What a living process is at stays.
 */
import type { SessionRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { adoptRecords } from "../records/adopt-records.ts";
import { removeWithRows } from "./remove-blob.ts";

/** Before the first call is served; where several processes work, again and again. */
export async function clearAfterCrash(domain: Domain): Promise<void> {
  await clearPromises(domain);
  for (const session of await domain.records.sessions.listIntents()) await clearIntent(domain, session);
  await adoptRecords(domain);
}

async function clearPromises({ records, blobs, processes, inTurn }: Domain): Promise<void> {
  for (const { id, machine, blob, node } of await records.quota.listReservations()) {
    if (!(await processes.hasEnded(node))) continue;
    const pack = blob.slice(-64);
    await inTurn(`pack/${pack}`, async () => {
      // From here on nobody else touches the file, and if its process lives after all it will find its promise void.
      if (!(await records.quota.takeOver(id, { from: node, to: records.node }))) return;
      const vault = await records.vaults.findByMachine(machine);
      const row = vault && (await records.packs.find(vault.number, Buffer.from(pack, "hex")));
      if (row === undefined) await blobs.remove(blob);
      await records.quota.release(id);
    });
  }
}

/** In the vault's turn, which a commit holds from its intent to its end: who finds an intent there finds a dead one's. */
async function clearIntent(domain: Domain, { id, vault: number, machine }: SessionRow): Promise<void> {
  const vault = await domain.records.vaults.findByNumber(number);
  if (vault === undefined) return;
  await domain.inTurn(`vault/${vault.id}`, async () => {
    const intent = (await domain.records.sessions.find(id))?.intent ?? null;
    if (intent === null) return;
    const [, sequence = "", hash = ""] = /(\d{16})-([0-9a-f]{64})$/.exec(intent) ?? [];
    const snapshot = await domain.records.snapshots.find(number, Number(sequence));
    if (snapshot?.record === hash) await domain.records.sessions.change(id, { intent: null });
    else
      await removeWithRows(domain, { machine, blob: intent }, async (stores) => {
        await stores.sessions.change(id, { intent: null });
        return true;
      });
  });
}
