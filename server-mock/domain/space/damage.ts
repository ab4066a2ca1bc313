/**
 * Damage: a pack or record that is not as it was stored. The pack stays where it is, for what may be left of it; its chunks are offered no more, so
 * that the machine's next run sends what it still has, and what it has sent heals the older snapshots, too.
 */
import type { RecordStores } from "../../records/records.ts";
import type { PackRow, SnapshotRow } from "../../records/rows.ts";
import type { DamageRow } from "../../records/space-rows.ts";
import { closeAlert, openAlert } from "../alerts/alerts.ts";
import type { Domain } from "../domain.ts";
import { asBuffer, idsOf } from "./mark.ts";

const LINKS_PER_QUERY = 1000;
const SNAPSHOTS_NAMED_MAX = 1000;

/** The pack's chunks are lost from now on, until they are sent again. */
export async function quarantinePack(domain: Domain, pack: PackRow, reason: string): Promise<void> {
  const { records, clock } = domain;
  const name = asBuffer(pack.id).toString("hex");
  const chunks = await records.reach.chunksOf(pack.number);
  const snapshots = await snapshotsNeeding(
    records,
    pack.vault,
    chunks.map(({ id }) => id),
  );
  await records.transaction(async (stores) => {
    const current = await stores.reach.findPack(pack.number);
    if (current?.state !== "live" && current?.state !== "staged") return;
    const at = clock.now();
    await stores.reach.changePack(pack.number, { state: "damaged", stateAt: at, scrubbedAt: at });
    await stores.reach.lose(pack.number, at);
    const { losses } = await stores.spaces.find(pack.vault);
    await stores.spaces.change(pack.vault, { losses: losses + 1, isDue: 1 });
    await note(domain, stores, { vault: pack.vault, kind: "pack", name, reason, chunks: chunks.length, snapshots });
  });
}

export async function noteDamagedRecord(domain: Domain, snapshot: SnapshotRow, reason: string): Promise<void> {
  const { vault, sequence } = snapshot;
  await domain.records.transaction(async (stores) => {
    await stores.reach.changeSnapshots(vault, [sequence], { scrubbedAt: domain.clock.now() });
    const found = { vault, kind: "record", name: String(sequence), reason, chunks: 0, snapshots: [sequence] } as const;
    await note(domain, stores, found);
  });
}

type Found = Pick<DamageRow, "vault" | "kind" | "name" | "reason" | "chunks"> & {
  readonly snapshots: readonly number[];
};

async function note(domain: Domain, stores: RecordStores, found: Found): Promise<void> {
  const { vault, kind, name } = found;
  if ((await stores.damages.findOpen(vault, kind, name)) !== undefined) return;
  const snapshots = JSON.stringify(found.snapshots.slice(-SNAPSHOTS_NAMED_MAX));
  const at = domain.clock.now();
  await stores.damages.insert({ ...found, snapshots, id: domain.newId(), foundAt: at, state: "open", healedAt: null });
  const row = await stores.vaults.findByNumber(vault);
  const machine = row === undefined ? undefined : await stores.machines.findEvenDeleted(row.machine);
  if (machine === undefined) return;
  await openAlert(domain, stores, {
    organization: machine.organization,
    userGroup: machine.userGroup,
    kind: "storage.damaged",
    id: machine.id,
    subject: machine.name,
    cause: `${kind} ${name}`,
    message: `A ${kind} of ${machine.name} is damaged in the storage; ${found.snapshots.length} snapshots need it. Its next backup sends again what it still has.`,
    machine: machine.id,
    account: machine.account,
  });
}

/** Looks whether lost chunks have come again. Answers how many damages are healed. */
export async function settleDamages(domain: Domain): Promise<number> {
  const { records } = domain;
  let healed = 0;
  for (const vault of await records.damages.listVaultsWithOpen()) {
    for (const damage of await records.damages.listOpen(vault))
      if (damage.kind === "pack" && (await settlePack(domain, damage))) healed++;
    await closeIfWhole(domain, vault);
  }
  return healed;
}

async function settlePack(domain: Domain, damage: DamageRow): Promise<boolean> {
  const { records } = domain;
  const pack = await records.packs.find(damage.vault, Buffer.from(damage.name, "hex"));
  const ids = pack?.state === "damaged" ? (await records.reach.chunksOf(pack.number)).map(({ id }) => id) : [];
  const here = new Set((await records.reach.listGood(damage.vault, ids)).map((id) => asBuffer(id).toString("hex")));
  const lost = ids.filter((id) => !here.has(asBuffer(id).toString("hex")));
  if (lost.length === damage.chunks) return false;
  if (lost.length === 0) {
    await heal(domain, damage);
    return true;
  }
  const snapshots = JSON.stringify((await snapshotsNeeding(records, damage.vault, lost)).slice(-SNAPSHOTS_NAMED_MAX));
  await records.damages.change(damage.id, { chunks: lost.length, snapshots });
  return false;
}

export async function heal(domain: Domain, { id, vault }: DamageRow): Promise<void> {
  await domain.records.transaction(async (stores) => {
    await stores.damages.change(id, { state: "healed", healedAt: domain.clock.now(), chunks: 0 });
    // The damaged pack is needed no more: collection takes it away.
    await stores.spaces.change(vault, { isDue: 1 });
  });
}

export async function closeIfWhole(domain: Domain, vault: number): Promise<void> {
  const { records } = domain;
  if ((await records.damages.listOpen(vault)).length > 0) return;
  const row = await records.vaults.findByNumber(vault);
  if (row === undefined) return;
  await records.transaction(async (stores) => {
    await closeAlert(domain, stores, "storage.damaged", row.machine);
  });
}

/** Sequences of kept snapshots from which one of the chunks can be reached, ascending. */
export async function snapshotsNeeding(
  stores: RecordStores,
  vault: number,
  ids: readonly Uint8Array[],
): Promise<number[]> {
  const bad = new Set(ids.map((id) => asBuffer(id).toString("latin1")));
  // From the chunks upwards: pages above them, pages above those, until nothing is added.
  for (let before = -1; bad.size !== before; ) {
    before = bad.size;
    for (let after = { pack: 0, position: -1 }; ; ) {
      const rows = await stores.reach.listLinks(vault, after, LINKS_PER_QUERY);
      for (const { chunk, links } of rows) {
        const page = asBuffer(chunk).toString("latin1");
        if (!bad.has(page) && refersTo(links, bad)) bad.add(page);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < LINKS_PER_QUERY) break;
      after = last;
    }
  }
  const snapshots = await stores.reach.listSnapshots(vault, ["kept", "pruned"]);
  return snapshots.filter(({ root }) => bad.has(asBuffer(root).toString("latin1"))).map(({ sequence }) => sequence);
}

function refersTo(links: Uint8Array, bad: ReadonlySet<string>): boolean {
  for (const id of idsOf(links)) if (bad.has(id.toString("latin1"))) return true;
  return false;
}
