/**
 * Pruning: what the policy does not keep is *pruned* and can be brought back for some days; then it is *gone*, and collection may free what only it
 * needed. Records stay, so that the chain can still be checked; a signed note in the storage says that they were dropped and not lost.
 */
import { Readable } from "node:stream";
import { sha256 } from "../../../base/digest.ts";
import { keptSnapshots, type Retention, type SnapshotToKeep } from "../../../protocol/kept-snapshots.ts";
import { encodePruneNote, PRUNE_NOTE_SNAPSHOTS_MAX } from "../../../protocol/prune-note.ts";
import { pruneNoteName } from "../../blobs/blobs.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, OrganizationRow, SnapshotRow, VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { watchChurn } from "./churn.ts";
import { effectiveRetention, retentionOf } from "./policies.ts";

/** How long a pruned snapshot can be brought back. */
export const UNPRUNE_MS = 7 * 24 * 3600 * 1000;

export interface PruneReport {
  readonly pruned: number;
  readonly gone: number;
}

export async function pruneVault(domain: Domain, number: number): Promise<PruneReport> {
  const { records } = domain;
  const nothing = { pruned: 0, gone: 0 };
  const subject = await subjectOf(records, number);
  // A deleted machine that comes back finds what it had.
  if (subject === undefined || subject.machine.deletedAt !== null) return nothing;
  await watchChurn(domain, subject);
  if (await isHeld(records, subject)) return nothing;
  const pruned = await domain.inTurn(`vault/${subject.vault.id}`, () =>
    records.transaction(async (stores) => {
      // A pin or a hold may have come since.
      if (await isHeld(stores, subject)) return 0;
      const { retention, snapshots } = await retentionNow(stores, subject);
      const kept = keptSnapshots(snapshots, retention);
      const dropped = snapshots.filter(({ sequence }) => !kept.has(sequence)).map(({ sequence }) => sequence);
      if (dropped.length === 0) return 0;
      const at = domain.clock.now();
      await stores.reach.changeSnapshots(number, dropped, { state: "pruned", stateAt: at });
      return dropped.length;
    }),
  );
  // In the vault's turn, so that nobody brings one back of which the note already says that it is gone.
  return { pruned, gone: await domain.inTurn(`vault/${subject.vault.id}`, () => letGo(domain, subject)) };
}

export interface PruneSubject {
  readonly vault: VaultRow;
  readonly machine: MachineRow;
  readonly organization: OrganizationRow;
}

/** undefined: nothing of it is left. */
export async function subjectOf(stores: RecordStores, number: number): Promise<PruneSubject | undefined> {
  const vault = await stores.vaults.findByNumber(number);
  const machine = vault === undefined ? undefined : await stores.machines.findEvenDeleted(vault.machine);
  const organization = machine === undefined ? undefined : await stores.organizations.find(machine.organization);
  if (vault === undefined || machine === undefined || organization === undefined) return undefined;
  return { vault, machine, organization };
}

/** Legal hold, or a freeze: nothing expires. */
export async function isHeld(stores: RecordStores, { vault, machine }: PruneSubject): Promise<boolean> {
  if (await stores.holds.isHeld([machine.organization, machine.account, machine.id])) return true;
  return (await stores.spaces.find(vault.number)).frozenAt !== null;
}

export async function retentionNow(
  stores: RecordStores,
  { vault, machine, organization }: PruneSubject,
): Promise<{ retention: Retention; snapshots: readonly SnapshotToKeep[] }> {
  const holder = { organization, group: machine.userGroup, machine: machine.id };
  const retention = retentionOf(await effectiveRetention(stores, holder));
  return { retention, snapshots: await snapshotsToKeep(stores, vault.number) };
}

export async function snapshotsToKeep(stores: RecordStores, vault: number): Promise<readonly SnapshotToKeep[]> {
  const pinned = new Set((await stores.pins.list(vault)).map(({ sequence }) => sequence));
  const rows = await stores.reach.listSnapshots(vault, ["kept"]);
  return rows.map(({ sequence, receivedAt, incomplete }) => {
    return { sequence, receivedAt, isIncomplete: incomplete === 1, isPinned: pinned.has(sequence) };
  });
}

/** Those whose days to be brought back are over. */
async function letGo(domain: Domain, { vault }: PruneSubject): Promise<number> {
  const { records, clock } = domain;
  const until = clock.now() - UNPRUNE_MS;
  const isOver = ({ stateAt }: SnapshotRow) => (stateAt ?? Number.POSITIVE_INFINITY) < until;
  const over = (await records.reach.listSnapshots(vault.number, ["pruned"])).filter(isOver);
  if (over.length === 0) return 0;
  const part = over.slice(0, PRUNE_NOTE_SNAPSHOTS_MAX);
  // The note is durable first: without it a rebuilt database would look for what is no longer there.
  await writeNote(domain, vault, part);
  const sequences = part.map(({ sequence }) => sequence);
  return await records.transaction(async (stores) => {
    const still = (await stores.reach.listSnapshots(vault.number, ["pruned"])).filter(
      (row) => isOver(row) && sequences.includes(row.sequence),
    );
    await stores.reach.changeSnapshots(
      vault.number,
      still.map(({ sequence }) => sequence),
      { state: "gone", stateAt: clock.now() },
    );
    await stores.spaces.change(vault.number, { isDue: 1 });
    return still.length;
  });
}

async function writeNote({ blobs, keys, clock }: Domain, vault: VaultRow, rows: readonly SnapshotRow[]): Promise<void> {
  const writtenAt = clock.now();
  const snapshots = rows.map(({ sequence, record }) => ({ sequence, record: Buffer.from(record, "hex") }));
  const note = { vault: Buffer.from(vault.id, "hex"), writtenAt, snapshots };
  const bytes = encodePruneNote(note, (message) => keys.receipts.sign(message));
  const digest = sha256(bytes);
  const name = pruneNoteName(vault.id, writtenAt, digest.toString("hex"));
  await blobs.put({ name, source: Readable.from([bytes]), sizeBytes: bytes.length, digest });
}
