/**
 * Rebuild: the rows of vaults, packs, chunks and snapshots made anew from the storage alone. Adds what is missing and changes nothing that is there, so
 * it may be cut and run again, also on an older copy of the database. Machines whose user is not known come under a recovered one.
 *
 *   cards → machines and vaults → packs' directories → prune notes → records in order → what is whole → nothing expires until somebody looks
 */
import { sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import { decodePruneNote, isPruneNoteSigned } from "../../../protocol/prune-note.ts";
import { decodeReceipt, isReceiptSigned } from "../../../protocol/receipt.ts";
import { decodeSnapshotRecord, isSigned, NO_RECORD, type SnapshotRecord } from "../../../protocol/snapshot-record.ts";
import { decodeVaultCard, type VaultCard } from "../../../protocol/vault-card.ts";
import { receiptName } from "../../blobs/blobs.ts";
import type { RecordStores } from "../../records/records.ts";
import type { VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { collectVault } from "./collect.ts";
import { snapshotsNeeding } from "./damage.ts";
import { readFrame } from "./frames.ts";
import { asBuffer, mark, snapshotRoots } from "./mark.ts";
import { adoptMachine, type Recovered } from "./recovered.ts";

export interface RebuildOptions {
  readonly onProgress?: ((report: RebuildReport) => void) | undefined;
}

export interface RebuildReport {
  vaults: number;
  /** Put under the recovered user, for an admin to move. */
  recoveredMachines: number;
  packs: number;
  chunks: number;
  snapshots: number;
  /** One sentence each. */
  readonly problems: string[];
}

export async function rebuild(domain: Domain, { onProgress }: RebuildOptions = {}): Promise<RebuildReport> {
  const report: RebuildReport = { vaults: 0, recoveredMachines: 0, packs: 0, chunks: 0, snapshots: 0, problems: [] };
  const work: Work = { domain, report, tell: () => onProgress?.(report), vaults: new Map() };
  await adoptVaults(work);
  await adoptPacks(work);
  await adoptSnapshots(work);
  for (const { vault } of work.vaults.values()) await finish(work, vault);
  return report;
}

interface Work {
  readonly domain: Domain;
  readonly report: RebuildReport;
  readonly tell: () => void;
  /** By id. */
  readonly vaults: Map<string, { vault: VaultRow; isNew: boolean }>;
}

/** The newest card of each vault that can be read. */
async function adoptVaults({ domain, report, vaults, tell }: Work): Promise<void> {
  const { blobs, records, keys } = domain;
  const cards = new Map<string, { name: string; card: VaultCard }>();
  for await (const name of blobs.list("vaults"))
    try {
      const card = decodeVaultCard(await blobs.get(name), keys.receipts.publicKey);
      const known = cards.get(card.vault);
      if (known === undefined || known.name < name) cards.set(card.vault, { name, card });
    } catch (error) {
      report.problems.push(`${name} is not used: ${reasonOf(error)}`);
    }
  const recovered: Recovered = {};
  for (const { card } of cards.values()) {
    const known = await records.vaults.find(card.vault);
    if (known === undefined && (await adoptMachine(domain, card, recovered))) report.recoveredMachines++;
    const vault = await records.vaults.find(card.vault);
    if (vault === undefined) continue;
    vaults.set(vault.id, { vault, isNew: known === undefined });
    report.vaults++;
    tell();
  }
}

async function adoptPacks(work: Work): Promise<void> {
  const { domain, report, tell } = work;
  for await (const name of domain.blobs.list("packs")) {
    const [, vaultId = "", , pack = ""] = name.split("/");
    const vault = await vaultOf(work, vaultId);
    if (vault === undefined) continue;
    const id = Buffer.from(pack, "hex");
    if ((await domain.records.packs.find(vault.number, id)) !== undefined) continue;
    try {
      report.chunks += await adoptPack(domain, vault, { name, id });
      report.packs++;
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      report.problems.push(`${name} is not used: ${reasonOf(error)}`);
    }
    tell();
  }
}

async function adoptPack(domain: Domain, vault: VaultRow, { name, id }: { name: string; id: Buffer }): Promise<number> {
  const { records, blobs, clock } = domain;
  const sizeBytes = (await blobs.find(name))?.sizeBytes ?? 0;
  const frame = await readFrame(blobs, name, sizeBytes);
  if (frame.vault.toString("hex") !== vault.id)
    throw new HoldfastError("format/malformed", { structure: "pack", reason: "it belongs to another vault" });
  await records.transaction(async (stores) => {
    const number = await stores.packs.insert(
      {
        vault: vault.number,
        id,
        sizeBytes,
        kind: frame.kind,
        state: "live",
        sessions: Buffer.concat(frame.sessions),
        receivedAt: clock.now(),
      },
      frame.chunks,
    );
    if (number === undefined) return;
    // Only its directory was read: scrubbing begins with it.
    await stores.reach.changePack(number, { scrubbedAt: 0 });
    await stores.quota.charge(vault.machine, sizeBytes);
  });
  return frame.chunks.length;
}

/** A vault without a card has its bytes, and nobody who could open them but the machine itself. */
async function vaultOf({ domain, report, vaults }: Work, id: string): Promise<VaultRow | undefined> {
  const known = vaults.get(id);
  if (known !== undefined) return known.vault;
  const vault = await domain.records.vaults.find(id);
  if (vault === undefined) {
    const problem = `The vault ${id} has no card in vaults/: what it holds is left as it is.`;
    if (!report.problems.includes(problem)) report.problems.push(problem);
    return undefined;
  }
  vaults.set(id, { vault, isNew: false });
  return vault;
}

async function adoptSnapshots(work: Work): Promise<void> {
  const { domain, report, tell } = work;
  const names = new Map<string, string[]>();
  for await (const name of domain.blobs.list("records")) {
    const [, vault = ""] = name.split("/");
    names.set(vault, [...(names.get(vault) ?? []), name]);
  }
  for (const [id, files] of names) {
    const vault = await vaultOf(work, id);
    if (vault === undefined) continue;
    const pruned = await prunedOf(domain, vault, report);
    // Sixteen digits each: by name is by sequence.
    for (const name of files.toSorted()) {
      try {
        if (await adoptSnapshot(domain, vault, name, pruned)) report.snapshots++;
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        report.problems.push(`${name} is not used: ${reasonOf(error)}`);
      }
      tell();
    }
  }
}

/** Record hashes that the service has signed as dropped. */
async function prunedOf({ blobs, keys }: Domain, vault: VaultRow, report: RebuildReport): Promise<Set<string>> {
  const pruned = new Set<string>();
  for await (const name of blobs.list(`pruned/${vault.id}`)) {
    const bytes = await blobs.get(name);
    if (isPruneNoteSigned(bytes, keys.receipts.publicKey))
      for (const { record } of decodePruneNote(bytes).snapshots) pruned.add(record.toString("hex"));
    else report.problems.push(`${name} is not used: its signature is wrong`);
  }
  return pruned;
}

async function adoptSnapshot(
  domain: Domain,
  { number }: VaultRow,
  name: string,
  pruned: ReadonlySet<string>,
): Promise<boolean> {
  const { records, blobs, clock } = domain;
  const bytes = await blobs.get(name);
  const hash = sha256(bytes).toString("hex");
  const record = decodeSnapshotRecord(bytes);
  const vault = await records.vaults.findByNumber(number);
  if (vault === undefined) return false;
  if (!name.endsWith(hash)) throw refused("its bytes are not those of its name");
  if (record.vault.toString("hex") !== vault.id || !isSigned(bytes, record)) throw refused("its signature is wrong");
  const { sequence } = record;
  if ((await records.snapshots.find(number, sequence)) !== undefined) return false;
  const receipt = await receiptOf(domain, vault, sequence, hash);
  const before = await records.snapshots.find(number, sequence - 1);
  if ((before?.record ?? NO_RECORD) !== record.previous.toString("hex") && sequence > 1)
    throw refused("it does not follow the record before it");
  const receivedAt = receipt?.receivedAt ?? claimed(record, before?.receivedAt ?? 0, clock.now());
  await records.transaction(async (stores) => {
    await stores.snapshots.insert({
      vault: number,
      sequence,
      record: hash,
      root: record.root,
      receivedAt,
      claimedAt: record.claimedAt,
      incomplete: record.incomplete ? 1 : 0,
      // They stand in the sealed body.
      files: 0,
      bytes: 0,
      receipt: receipt?.bytes ?? Buffer.alloc(0),
    });
    if (pruned.has(hash))
      await stores.reach.changeSnapshots(number, [sequence], { state: "gone", stateAt: clock.now() });
    if (sequence > vault.sequence) await stores.vaults.change(number, { sequence, head: hash });
    const { lastUpdateAt } = (await stores.machines.findEvenDeleted(vault.machine)) ?? { lastUpdateAt: null };
    if (!record.incomplete && receivedAt > (lastUpdateAt ?? 0))
      await stores.machines.change(vault.machine, { lastUpdateAt: receivedAt });
  });
  return true;
}

const refused = (reason: string): HoldfastError =>
  new HoldfastError("format/malformed", { structure: "snapshot record", reason });

async function receiptOf(
  { blobs, keys }: Domain,
  vault: VaultRow,
  sequence: number,
  record: string,
): Promise<{ receivedAt: number; bytes: Buffer } | undefined> {
  const name = receiptName(vault.id, sequence, record);
  if ((await blobs.find(name)) === undefined) return undefined;
  const bytes = await blobs.get(name);
  if (!isReceiptSigned(bytes, keys.receipts.publicKey)) return undefined;
  return { receivedAt: decodeReceipt(bytes).receivedAt, bytes };
}

/** Without a receipt: what the machine says, but neither before the snapshot before it nor in the future. */
const claimed = ({ claimedAt }: SnapshotRecord, after: number, now: number): number =>
  Math.max(after, Math.min(claimedAt, now));

async function finish({ domain, report, vaults }: Work, { id, number }: VaultRow): Promise<void> {
  const { records, clock } = domain;
  const missing = await missingOf(records, number);
  if (missing.length > 0) {
    const snapshots = await snapshotsNeeding(records, number, missing);
    report.problems.push(`Of the vault ${id}, snapshots ${snapshots.join(", ")} lack ${missing.length} chunks.`);
    const { losses } = await records.spaces.find(number);
    await records.spaces.change(number, { losses: losses + 1 });
  }
  // What nobody refers to may refer to what is gone: it must not be offered.
  await collectVault(domain, number, { brakeBytesMin: Number.POSITIVE_INFINITY });
  if (!vaults.get(id)?.isNew) return;
  await records.spaces.change(number, { frozenAt: clock.now(), frozenReason: "The database was rebuilt." });
}

async function missingOf(stores: RecordStores, vault: number): Promise<Uint8Array[]> {
  const missing = new Map<string, Uint8Array>();
  await mark(stores, vault, snapshotRoots(stores, vault), {
    onMissing: (ids) => {
      for (const each of ids) missing.set(asBuffer(each).toString("hex"), each);
    },
  });
  return [...missing.values()];
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
