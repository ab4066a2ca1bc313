/**
 * Quota is exact: room is promised in one transaction before a byte is read, and turned into use in the transaction that adds the pack's row.
 * At every level, used and promised bytes together never exceed the limit.
 */
import { HoldfastError } from "../../protocol/errors.ts";
import type { QuotaView } from "../../protocol/messages/machines.ts";
import type { QuotaLevel, RecordStores } from "../records/records.ts";
import type { MachineRow } from "../records/rows.ts";
import type { Domain } from "./domain.ts";

/** Gives the reservation's id. Throws `quota/exceeded`, naming the first level that is full. */
export async function reserve(domain: Domain, machine: MachineRow, bytes: number, blob: string): Promise<string> {
  const id = domain.newId();
  const { organization, account } = machine;
  await domain.records.transaction(async (stores) => {
    for (const { level, limitBytes, heldBytes } of await stores.quota.levels(machine.id))
      if (limitBytes !== null && heldBytes + bytes > limitBytes)
        throw new HoldfastError("quota/exceeded", { level, used: heldBytes, limit: limitBytes, wanted: bytes });
    await stores.quota.reserve({ id, organization, account, machine: machine.id, bytes, blob });
  });
  return id;
}

/** What the machine may still store is what the tightest level leaves. */
export async function quotaView(stores: RecordStores, machine: string): Promise<QuotaView> {
  const levels = await stores.quota.levels(machine);
  const usedBytes = levels.find(({ level }) => level === "machine")?.usedBytes ?? 0;
  const left = levels.flatMap(roomLeft);
  const availableBytes = left.length === 0 ? null : Math.max(0, Math.min(...left));
  return { usedBytes, availableBytes, limitBytes: availableBytes === null ? null : usedBytes + availableBytes };
}

const roomLeft = ({ limitBytes, heldBytes }: QuotaLevel): number[] =>
  limitBytes === null ? [] : [limitBytes - heldBytes];
