/** Rows of the console's test world: their ids carry their time, as real ones do, and numbers come from a seed. */
import { sha256 } from "../../../base/digest.ts";
import { firstIdAt } from "../../../server-mock/domain/row-ids.ts";
import type { RecordStores } from "../../../server-mock/records/records.ts";
import type { BackupRow, MachineRow } from "../../../server-mock/records/rows.ts";
import { machineRow } from "../rows.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

let made = 0;

/** A row id of that instant; never the same twice. */
export function idAt(at: number): string {
  const number = (made++).toString(16).padStart(12, "0");
  return `${firstIdAt(at).slice(0, 14)}7${number.slice(-3)}-8000-${number}`;
}

/** Whole numbers from 0 to below `end`: the same ones in every run. */
export function numbersFrom(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

export const machineId = (name: string): string => sha256(Buffer.from(name)).toString("hex").slice(0, 32);

/** A machine with its vault; answers the vault's number. */
export async function insertMachine(
  stores: RecordStores,
  machine: Partial<MachineRow> & Pick<MachineRow, "id" | "name">,
): Promise<number> {
  await stores.machines.insert(machineRow(machine.id, machine));
  const bytes = (length: number) => Buffer.alloc(length, machine.id.slice(0, 8));
  const wrap = {
    kind: "default",
    kek: "0".repeat(32),
    enc: bytes(32).toString("base64"),
    ciphertext: bytes(48).toString("base64"),
  };
  return await stores.vaults.insert({
    id: machineId(`vault of ${machine.id}`),
    machine: machine.id,
    epoch: 1,
    ...{ readKey: bytes(32), signer: bytes(32), signerProof: bytes(32) },
    wrap: JSON.stringify(wrap),
    wrapVersion: 1,
    wrapAt: null,
    sequence: 0,
    head: "0".repeat(64),
    fence: 0,
  });
}

export const backupRow = (
  machine: Pick<MachineRow, "id" | "organization">,
  startedAt: number,
  more: Partial<BackupRow> = {},
): BackupRow => ({
  id: idAt(startedAt),
  organization: machine.organization,
  machine: machine.id,
  type: "Scheduled",
  startedAt,
  endedAt: startedAt + 9 * 60_000,
  state: "success",
  result: "Success",
  message: null,
  ...{ files: 0, bytes: 0, filesEncoded: 0, bytesEncoded: 0, filesTransferred: 0, bytesTransferred: 0 },
  problemCount: 0,
  problems: "[]",
  snapshot: null,
  flags: null,
  ...more,
});
