/** What the service does unasked: ends what was left, and gives back what nobody wants. */
import { STAGED_KEEP_MS } from "../../../protocol/limits.ts";
import type { RestoreStatus } from "../../../protocol/restore-status.ts";
import { packName } from "../../blobs/blobs.ts";
import type { StagedPack } from "../../records/records.ts";
import { isUnended } from "../../records/restores.ts";
import type { RestoreRow, VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { chainRestore } from "../records/record-chain.ts";
import { removeWithRows } from "./remove-blob.ts";
import { closeUnheard } from "./sessions.ts";

/** Sessions whose lease ran out: the record of the run says `agent/vanished`. */
export async function closeVanished(domain: Domain): Promise<void> {
  const { records, clock } = domain;
  for (const { id } of await records.sessions.listOpen({ leaseBefore: clock.now() }))
    await records.transaction(async (stores) => {
      const session = await stores.sessions.find(id);
      if (session?.state === "open" && session.leaseUntil <= clock.now())
        await closeUnheard(domain, stores, session, "expired");
    });
}

/**
 * Restores whose token ran out, and tokens that are good for nothing. What was looked at in the browser has then been looked at; an archive that nobody
 * fetched, and an order that nobody began, have expired.
 */
export async function endExpired(domain: Domain): Promise<void> {
  const { records, clock } = domain;
  for (const { id } of await records.restores.listExpired(clock.now()))
    await records.transaction(async (stores) => {
      const restore = await stores.restores.find(id);
      if (restore === undefined || !isUnended(restore)) return;
      const finishedAt = restore.finishedAt ?? clock.now();
      await stores.restores.change(id, { status: endOf(restore), finishedAt });
      await chainRestore(domain, stores, id);
    });
  await records.tokens.removeExpired(clock.now());
}

function endOf({ status, source, purpose }: RestoreRow): RestoreStatus {
  if (status !== "running") return "expired";
  return source === "web" && purpose === "browse" ? "completed" : "cancelled";
}

/**
 * Staged packs that no session has taken up for a week. Those of one vault go together, a week after the last of them came, the newest first: a staged
 * page must not outlive the chunks that it refers to, or nothing could be committed until it was gone, too.
 */
export async function dropStaged(domain: Domain): Promise<void> {
  const { records, clock } = domain;
  const old = await records.packs.listStaged({ receivedBefore: clock.now() - STAGED_KEEP_MS });
  for (const [number, packs] of Map.groupBy(old, ({ vault }) => vault)) {
    const vault = await records.vaults.findByNumber(number);
    if (vault === undefined || (await records.packs.countStaged(number)).packs > packs.length) continue;
    for (const pack of packs.toReversed())
      await domain.inTurn(`vault/${vault.id}`, () => dropPack(domain, vault, pack, { evenWhileOpen: false }));
  }
}

/** In the vault's turn. `evenWhileOpen`: although an agent is at work. Rows first: a row without its file would be a hole. */
export async function dropPack(
  domain: Domain,
  vault: Pick<VaultRow, "id" | "number" | "machine">,
  pack: StagedPack,
  { evenWhileOpen }: { evenWhileOpen: boolean },
): Promise<void> {
  const id = Buffer.from(pack.id).toString("hex");
  const blob = packName(vault.id, id);
  await domain.inTurn(`pack/${id}`, () =>
    removeWithRows(domain, { machine: vault.machine, blob }, async (stores) => {
      if (!evenWhileOpen && (await stores.sessions.listOpen({ vault: vault.number })).length > 0) return false;
      const current = await stores.packs.find(vault.number, pack.id);
      if (current?.state !== "staged" || current.number !== pack.number) return false;
      await stores.packs.remove(pack.number);
      await stores.quota.charge(vault.machine, -pack.sizeBytes);
      return true;
    }),
  );
}
