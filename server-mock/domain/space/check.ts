/** Check: whether database and storage say the same, and whether everything that a snapshot needs is there. Changes nothing; may run beside the service. */
import { packName, recordName } from "../../blobs/blobs.ts";
import type { RecordStores } from "../../records/records.ts";
import type { PackRow, VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { asBuffer, mark, snapshotRoots } from "./mark.ts";
import { packsOf } from "./packs-of.ts";

export interface CheckFinding {
  readonly kind: CheckKind;
  /** Id; empty for what belongs to none. */
  readonly vault: string;
  /** Of a file in the storage, a chunk, or a machine. */
  readonly name: string;
  readonly message: string;
}

export type CheckKind =
  | "file-missing"
  | "file-size"
  | "file-unknown"
  | "chunk-missing"
  | "chunk-condemned"
  | "damage-open"
  | "use-wrong";

export interface CheckReport {
  readonly vaults: number;
  readonly packs: number;
  readonly snapshots: number;
  readonly findings: readonly CheckFinding[];
  /** `findings` are the first thousand of so many. */
  readonly count: number;
}

const FINDINGS_MAX = 1000;
const VAULTS_PER_QUERY = 500;
const STORED: readonly PackRow["state"][] = ["staged", "live", "damaged"];

export interface CheckOptions {
  readonly onVault?: ((done: number) => void) | undefined;
}

export async function checkAll(domain: Domain, { onVault }: CheckOptions = {}): Promise<CheckReport> {
  const { records } = domain;
  const findings: CheckFinding[] = [];
  const seen = { vaults: 0, packs: 0, snapshots: 0, count: 0 };
  const find: Find = (finding) => {
    seen.count++;
    if (findings.length < FINDINGS_MAX) findings.push(finding);
  };
  for (let after = 0; ; ) {
    const numbers = await records.spaces.listVaults(after, VAULTS_PER_QUERY);
    for (const number of numbers) {
      const vault = await records.vaults.findByNumber(number);
      if (vault === undefined) continue;
      seen.packs += await checkPacks(domain, vault, find);
      seen.snapshots += await checkRecords(domain, vault, find);
      await checkReach(records, vault, find);
      await checkUse(records, vault, find);
      seen.vaults++;
      onVault?.(seen.vaults);
    }
    after = numbers.at(-1) ?? 0;
    if (numbers.length < VAULTS_PER_QUERY) break;
  }
  await checkFiles(domain, find);
  return { ...seen, findings };
}

type Find = (finding: CheckFinding) => void;

async function checkPacks({ records, blobs }: Domain, vault: VaultRow, find: Find): Promise<number> {
  let count = 0;
  for await (const pack of packsOf(records, vault.number, [...STORED, "trash"])) {
    count++;
    const name = packName(vault.id, asBuffer(pack.id).toString("hex"));
    if (pack.state === "damaged") {
      find({ kind: "damage-open", vault: vault.id, name, message: "It was found damaged, and is not healed." });
      continue;
    }
    const file = await blobs.find(name);
    const size = `${pack.sizeBytes} bytes were stored, ${file?.sizeBytes} are there.`;
    if (file === undefined) find({ kind: "file-missing", vault: vault.id, name, message: "Its file is not there." });
    else if (file.sizeBytes !== pack.sizeBytes) find({ kind: "file-size", vault: vault.id, name, message: size });
  }
  return count;
}

async function checkRecords({ records, blobs }: Domain, vault: VaultRow, find: Find): Promise<number> {
  const snapshots = await records.reach.listSnapshots(vault.number, ["kept", "pruned", "gone"]);
  for (const { sequence, record } of snapshots) {
    const name = recordName(vault.id, sequence, record);
    if ((await blobs.find(name)) === undefined)
      find({
        kind: "file-missing",
        vault: vault.id,
        name,
        message: `The record of snapshot ${sequence} is not there.`,
      });
  }
  return snapshots.length;
}

async function checkReach(stores: RecordStores, vault: VaultRow, find: Find): Promise<void> {
  const missing = new Set<string>();
  const reachable = await mark(stores, vault.number, snapshotRoots(stores, vault.number), {
    onMissing: (ids) => {
      for (const id of ids) missing.add(asBuffer(id).toString("hex"));
    },
  });
  for (const id of missing)
    find({ kind: "chunk-missing", vault: vault.id, name: id, message: "A snapshot needs it, and no pack has it." });
  for await (const { number } of packsOf(stores, vault.number)) {
    const condemned = (await stores.reach.chunksOf(number)).filter(
      ({ id, condemnedAt, lostAt }) => condemnedAt !== null && lostAt === null && reachable.has(id),
    );
    for (const id of await stores.reach.listCondemned(
      vault.number,
      condemned.map(({ id }) => id),
    ))
      find({
        kind: "chunk-condemned",
        vault: vault.id,
        name: asBuffer(id).toString("hex"),
        message: "A snapshot needs it, and a collection has condemned it.",
      });
  }
}

async function checkUse(stores: RecordStores, vault: VaultRow, find: Find): Promise<void> {
  const machine = await stores.machines.findEvenDeleted(vault.machine);
  const sums = (await stores.reach.sums(vault.number)).filter(({ state }) => STORED.includes(state));
  const stored = sums.reduce((sum, { bytes }) => sum + bytes, 0);
  if (machine === undefined || machine.usedBytes === stored) return;
  const message = `${machine.usedBytes} bytes are counted, ${stored} are stored.`;
  find({ kind: "use-wrong", vault: vault.id, name: machine.name, message });
}

/** Files that no row names. Uploads on their way are none; a service that runs meanwhile may show some for a moment. */
async function checkFiles({ records, blobs }: Domain, find: Find): Promise<void> {
  for (const folder of ["packs", "records"]) {
    for await (const name of blobs.list(folder)) {
      const [, id = "", file = ""] = name.split(/\/(?:[0-9a-f]{2}\/)?/);
      if (await isKnown(records, id, file, folder)) continue;
      const expected = (await records.quota.listReservations()).some(({ blob }) => blob === name);
      // Looked at again: its rows may have come meanwhile.
      if (expected || (await isKnown(records, id, file, folder))) continue;
      find({ kind: "file-unknown", vault: id, name, message: "No row names this file; `rebuild` takes it up." });
    }
  }
}

async function isKnown(stores: RecordStores, id: string, file: string, folder: string): Promise<boolean> {
  const vault = await stores.vaults.find(id);
  if (vault === undefined) return false;
  if (folder === "packs") return (await stores.packs.find(vault.number, Buffer.from(file, "hex"))) !== undefined;
  const snapshot = await stores.snapshots.find(vault.number, Number(file.slice(0, 16)));
  return snapshot?.record === file.slice(17);
}
