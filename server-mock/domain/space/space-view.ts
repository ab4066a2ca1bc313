/** What a machine's history takes, said honestly; what was found damaged; how jobs fare. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { DamageView, SpaceView } from "../../../protocol/messages/space.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, VaultRow } from "../../records/rows.ts";
import type { DamageRow } from "../../records/space-rows.ts";
import { actorOf, getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { closeAlert } from "../alerts/alerts.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { instant, instantOrNull } from "../views.ts";

export async function getSpace({ records }: Domain, caller: ConsoleCaller, machine: string): Promise<SpaceView> {
  return await viewSpace(records, await getMachine(records, caller, machine, { evenDeleted: true }));
}

async function viewSpace(
  stores: RecordStores,
  { machine, vault }: { machine: MachineRow; vault: VaultRow },
): Promise<SpaceView> {
  const space = await stores.spaces.find(vault.number);
  const sums = await stores.reach.sums(vault.number);
  const bytes = (state: string) => sums.find((each) => each.state === state)?.bytes ?? 0;
  const storedBytes = bytes("staged") + bytes("live") + bytes("damaged");
  const { referencedBytes } = space;
  const count = async (state: "kept" | "pruned") => (await stores.reach.listSnapshots(vault.number, [state])).length;
  return {
    machine: machine.id,
    storedBytes,
    referencedBytes,
    measuredAt: instantOrNull(space.measuredAt),
    unreferencedBytes: referencedBytes === null ? null : Math.max(0, storedBytes - referencedBytes),
    trashBytes: bytes("trash"),
    damagedBytes: bytes("damaged"),
    snapshots: { kept: await count("kept"), pruned: await count("pruned") },
    collectedAt: instantOrNull(space.collectedAt),
    heldBytes: space.heldBytes,
    frozenAt: instantOrNull(space.frozenAt),
    frozenReason: space.frozenReason,
  };
}

export async function changeSpace(
  domain: Domain,
  caller: ConsoleCaller,
  change: { machine: string; isFrozen?: boolean | undefined; confirmBytes?: number | undefined },
  address: string,
): Promise<SpaceView> {
  return await domain.records.transaction(async (stores) => {
    const found = await getMachine(stores, caller, change.machine);
    const { machine, vault } = found;
    const { heldBytes } = await stores.spaces.find(vault.number);
    const { isFrozen, confirmBytes } = change;
    if (confirmBytes !== undefined) {
      // Somebody who confirms must have seen what goes.
      if (heldBytes === null || confirmBytes < heldBytes)
        throw new HoldfastError("space/not-held", { held: heldBytes ?? 0, confirmed: confirmBytes });
      await stores.spaces.change(vault.number, { confirmedBytes: confirmBytes, isDue: 1 });
      await closeAlert(domain, stores, "collection.held", machine.id);
    }
    if (isFrozen !== undefined) {
      const frozen = { frozenAt: domain.clock.now(), frozenReason: `By ${caller.account.login}.` };
      await stores.spaces.change(vault.number, isFrozen ? frozen : { frozenAt: null, frozenReason: null });
      if (!isFrozen) await closeAlert(domain, stores, "expiry.frozen", machine.id);
    }
    const { organization, name } = machine;
    const act = { ...actorOf(caller, address), organization, action: "space/change", subject: name };
    await audit(domain, stores, { ...act, detail: JSON.stringify({ isFrozen, confirmBytes }) });
    return await viewSpace(stores, found);
  });
}

/** `machine`: of this one alone; throws `machine/missing`. */
export async function listDamages(
  { records }: Domain,
  caller: ConsoleCaller,
  { machine, ...query }: ListQuery & { machine?: string | undefined },
): Promise<Page<DamageView>> {
  const vault =
    machine === undefined
      ? undefined
      : (await getMachine(records, caller, machine, { evenDeleted: true })).vault.number;
  return await pageOf(
    query,
    (page) => records.damages.list(page, caller.scope, { vault }),
    (row) => viewDamage(records, row),
  );
}

async function viewDamage(stores: RecordStores, row: DamageRow): Promise<DamageView> {
  const vault = await stores.vaults.findByNumber(row.vault);
  return {
    id: row.id,
    machine: vault?.machine ?? "",
    kind: row.kind,
    name: row.name,
    reason: row.reason,
    chunks: row.chunks,
    snapshots: (JSON.parse(row.snapshots) as unknown[]).map(Number),
    state: row.state,
    foundAt: instant(row.foundAt),
    healedAt: instantOrNull(row.healedAt),
  };
}

export async function listJobs({ records }: Domain) {
  const items = (await records.jobRuns.list()).map((row) => ({
    name: row.name,
    startedAt: instant(row.startedAt),
    endedAt: instantOrNull(row.endedAt),
    succeededAt: instantOrNull(row.succeededAt),
    code: row.code,
    message: row.message,
    result: JSON.parse(row.result) as Record<string, unknown>,
  }));
  return { items };
}
