/** Snapshots as an admin sees them: which are kept and why, which can be brought back; pins. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { AdminSnapshotView } from "../../../protocol/messages/retention.ts";
import type { RecordStores } from "../../records/records.ts";
import type { SnapshotRow } from "../../records/rows.ts";
import type { PinRow } from "../../records/space-rows.ts";
import { actorOf, getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, numberedPageOf, type Page } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";
import { UNPRUNE_MS } from "./prune.ts";

export async function listHistory(
  { records }: Domain,
  caller: ConsoleCaller,
  { machine, ...query }: ListQuery & { machine: string },
): Promise<Page<AdminSnapshotView>> {
  const { vault } = await getMachine(records, caller, machine);
  const pins = new Map((await records.pins.list(vault.number)).map((pin) => [pin.sequence, pin]));
  return await numberedPageOf(
    query,
    (page) => records.snapshots.list(vault.number, page, "all"),
    ({ sequence }) => sequence,
    (row) => viewSnapshot(row, pins.get(row.sequence)),
  );
}

const viewSnapshot = (row: SnapshotRow, pin: PinRow | undefined): AdminSnapshotView => ({
  sequence: row.sequence,
  record: row.record,
  receivedAt: instant(row.receivedAt),
  incomplete: row.incomplete === 1,
  files: row.files,
  bytes: row.bytes,
  state: row.state,
  restorableUntil: row.state === "pruned" ? instant((row.stateAt ?? 0) + UNPRUNE_MS) : null,
  pin: pin?.reason ?? null,
});

interface SnapshotAct {
  readonly machine: string;
  readonly sequence: number;
  readonly reason: string;
}

export async function pinSnapshot(domain: Domain, caller: ConsoleCaller, act: SnapshotAct, address: string) {
  return await domain.records.transaction(async (stores) => {
    const { machine, vault } = await getMachine(stores, caller, act.machine);
    const snapshot = await stores.snapshots.find(vault.number, act.sequence);
    if (snapshot?.state !== "kept") throw new HoldfastError("snapshot/missing", { snapshot: act.sequence });
    const pin = await putPin(domain, stores, caller, { vault: vault.number, ...act });
    await auditSnapshot(domain, stores, caller, { ...act, address, action: "snapshots/pin", machine });
    return { sequence: pin.sequence, reason: pin.reason, madeBy: pin.madeBy, madeAt: instant(pin.madeAt) };
  });
}

export async function unpinSnapshot(
  domain: Domain,
  caller: ConsoleCaller,
  act: Omit<SnapshotAct, "reason">,
  address: string,
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const { machine, vault } = await getMachine(stores, caller, act.machine);
    await stores.pins.remove(vault.number, act.sequence);
    await auditSnapshot(domain, stores, caller, { ...act, reason: "", address, action: "snapshots/unpin", machine });
  });
}

/** Back among the kept, and pinned: the policy would drop it again at once. Throws `snapshot/missing` when its days are over. */
export async function unpruneSnapshot(
  domain: Domain,
  caller: ConsoleCaller,
  act: SnapshotAct,
  address: string,
): Promise<AdminSnapshotView> {
  const { vault } = await getMachine(domain.records, caller, act.machine);
  return await domain.inTurn(`vault/${vault.id}`, () =>
    domain.records.transaction(async (stores) => {
      const { machine } = await getMachine(stores, caller, act.machine);
      const { sequence } = act;
      const snapshot = await stores.snapshots.find(vault.number, sequence);
      if (snapshot === undefined || snapshot.state === "gone")
        throw new HoldfastError("snapshot/missing", { snapshot: sequence });
      await stores.reach.changeSnapshots(vault.number, [sequence], { state: "kept", stateAt: null });
      const pin = await putPin(domain, stores, caller, { vault: vault.number, ...act });
      await auditSnapshot(domain, stores, caller, { ...act, address, action: "snapshots/unprune", machine });
      return viewSnapshot({ ...snapshot, state: "kept", stateAt: null }, pin);
    }),
  );
}

async function putPin(
  domain: Domain,
  stores: RecordStores,
  caller: ConsoleCaller,
  { vault, sequence, reason }: { vault: number; sequence: number; reason: string },
): Promise<PinRow> {
  const pin = { vault, sequence, reason, madeBy: caller.account.login, madeAt: domain.clock.now() };
  await stores.pins.put(pin);
  return pin;
}

async function auditSnapshot(
  domain: Domain,
  stores: RecordStores,
  caller: ConsoleCaller,
  act: {
    sequence: number;
    reason: string;
    address: string;
    action: string;
    machine: { organization: string; name: string };
  },
): Promise<void> {
  const { machine, address, action, sequence, reason } = act;
  const detail = `snapshot ${sequence}${reason === "" ? "" : `: ${reason}`}`;
  const { organization, name } = machine;
  await audit(domain, stores, { ...actorOf(caller, address), organization, action, subject: name, detail });
}
