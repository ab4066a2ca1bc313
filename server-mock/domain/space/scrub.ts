/** Scrub: reads again what was stored, those first that were not read for the longest time, no faster than allowed. */
import { sha256, sha256Stream } from "../../../base/digest.ts";
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import { packName, recordName } from "../../blobs/blobs.ts";
import type { PackRow, SnapshotRow, VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { closeIfWhole, heal, noteDamagedRecord, quarantinePack } from "./damage.ts";
import { asBuffer } from "./mark.ts";

/** Everything is read again in this time. */
export const SCRUB_MS = 30 * 24 * 3600 * 1000;
/** Leaves a disk its time for backups. */
export const SCRUB_BYTES_PER_SECOND = 20 * 1024 * 1024;
const ROWS_PER_QUERY = 100;

export interface ScrubOptions {
  readonly signal?: AbortSignal | undefined;
  /** Infinity: as fast as it goes. */
  readonly bytesPerSecond?: number | undefined;
  /** What was read within this time is left alone; 0: everything is read. */
  readonly olderThanMs?: number | undefined;
  readonly onProgress?: ((report: ScrubReport) => void) | undefined;
}

export interface ScrubReport {
  readonly packs: number;
  readonly records: number;
  readonly bytes: number;
  /** Found damaged, by name. */
  readonly damaged: readonly string[];
}

/** Ends early, with what it has done, when `signal` says so. Throws `storage/failed` when the storage as a whole does not answer. */
export async function scrub(domain: Domain, options: ScrubOptions = {}): Promise<ScrubReport> {
  const { olderThanMs = SCRUB_MS, signal, onProgress } = options;
  const { records, clock } = domain;
  // What is read in this run is newer than that: it ends.
  const before = clock.now() - olderThanMs;
  const done = { packs: 0, records: 0, bytes: 0, damaged: [] as string[] };
  for (;;) {
    const packs = await records.reach.listForScrub(before, ROWS_PER_QUERY);
    if (packs.length === 0) break;
    for (const pack of packs) {
      if (signal?.aborted) return done;
      const reason = await scrubPack(domain, pack, options);
      if (reason !== undefined) done.damaged.push(`pack ${asBuffer(pack.id).toString("hex")}: ${reason}`);
      done.packs++;
      done.bytes += pack.sizeBytes;
      onProgress?.(done);
    }
  }
  for (;;) {
    const snapshots = await records.reach.listRecordsForScrub(before, ROWS_PER_QUERY);
    if (snapshots.length === 0) break;
    for (const snapshot of snapshots) {
      if (signal?.aborted) return done;
      const reason = await scrubRecord(domain, snapshot);
      if (reason !== undefined) done.damaged.push(`record ${snapshot.record}: ${reason}`);
      done.records++;
      onProgress?.(done);
    }
  }
  return done;
}

/** What is wrong with it. */
async function scrubPack(domain: Domain, pack: PackRow, options: ScrubOptions): Promise<string | undefined> {
  const { records, clock } = domain;
  const vault = await vaultOf(domain, pack.vault);
  const name = packName(vault.id, asBuffer(pack.id).toString("hex"));
  const reason = await whatIsWrong(domain, name, () => readPack(domain, pack, name, options));
  if (reason !== undefined && pack.state === "damaged") {
    await records.reach.changePack(pack.number, { scrubbedAt: clock.now() });
    return undefined; // It is known.
  }
  if (reason !== undefined) await quarantinePack(domain, pack, reason);
  else if (pack.state === "damaged") await bringBack(domain, pack);
  else await records.reach.changePack(pack.number, { scrubbedAt: clock.now() });
  return reason;
}

const vaultOf = async ({ records }: Domain, number: number): Promise<VaultRow> =>
  (await records.vaults.findByNumber(number)) ?? bug("a pack or record without a vault");

async function readPack(
  { blobs, clock }: Domain,
  pack: PackRow,
  name: string,
  { bytesPerSecond = SCRUB_BYTES_PER_SECOND, signal }: ScrubOptions,
): Promise<string | undefined> {
  const file = await blobs.find(name);
  if (file === undefined) return "its file is not there";
  if (file.sizeBytes !== pack.sizeBytes) return `its file has ${file.sizeBytes} bytes instead of ${pack.sizeBytes}`;
  const hash = sha256Stream();
  const begun = clock.now();
  let bytes = 0;
  await blobs.pour(name, { start: 0, end: pack.sizeBytes }, async (piece) => {
    hash.update(piece);
    bytes += piece.length;
    const tooEarlyMs = begun + (bytes / bytesPerSecond) * 1000 - clock.now();
    if (tooEarlyMs > 1) await clock.sleep(tooEarlyMs, signal).catch(() => undefined);
  });
  return hash.digest().equals(asBuffer(pack.id)) ? undefined : "its bytes are not those that were stored";
}

async function scrubRecord(domain: Domain, snapshot: SnapshotRow): Promise<string | undefined> {
  const { records, blobs, clock } = domain;
  const { sequence, record } = snapshot;
  const vault = await vaultOf(domain, snapshot.vault);
  const name = recordName(vault.id, sequence, record);
  const reason = await whatIsWrong(domain, name, async () => {
    if ((await blobs.find(name)) === undefined) return "its file is not there";
    return sha256(await blobs.get(name)).toString("hex") === record
      ? undefined
      : "its bytes are not those that were stored";
  });
  if (reason !== undefined) {
    const isKnown = (await records.damages.findOpen(snapshot.vault, "record", String(sequence))) !== undefined;
    await noteDamagedRecord(domain, snapshot, reason);
    return isKnown ? undefined : reason;
  }
  await records.reach.changeSnapshots(snapshot.vault, [sequence], { scrubbedAt: clock.now() });
  await healed(domain, snapshot.vault, "record", String(sequence));
  return undefined;
}

/** A disk that can't read one file has damaged it; a storage that does not answer at all says nothing about any. */
async function whatIsWrong(
  { blobs }: Domain,
  name: string,
  look: () => Promise<string | undefined>,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.code !== "storage/failed") throw error;
      await blobs.probe();
      if (attempt === 2) return `${name} can't be read: ${error.message}`;
    }
  }
}

/** Somebody brought the file back. */
async function bringBack(domain: Domain, pack: PackRow): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const current = await stores.reach.findPack(pack.number);
    if (current?.state !== "damaged") return;
    await stores.reach.changePack(pack.number, { state: "live", stateAt: null, scrubbedAt: domain.clock.now() });
    await stores.reach.unlose(pack.number);
    await stores.spaces.change(pack.vault, { isDue: 1 });
  });
  await healed(domain, pack.vault, "pack", asBuffer(pack.id).toString("hex"));
}

async function healed(domain: Domain, vault: number, kind: "pack" | "record", name: string): Promise<void> {
  const damage = await domain.records.damages.findOpen(vault, kind, name);
  if (damage === undefined) return;
  await heal(domain, damage);
  await closeIfWhole(domain, vault);
}
