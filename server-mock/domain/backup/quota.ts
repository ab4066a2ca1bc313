/**
 * Quota is exact: room is promised in one transaction before a byte is read, and turned into use in the transaction that adds the pack's row.
 * At every level with a hard limit, used and promised bytes together never exceed limit and overage. A limit without an overage is soft: it is
 * told, and stops nobody.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { QuotaView } from "../../../protocol/messages/machines.ts";
import type { QuotaLevel, RecordStores } from "../../records/records.ts";
import type { MachineRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { settingsOf } from "../people/settings.ts";

/** Gives the reservation's id. Throws `quota/exceeded`, naming the first level that is full. */
export async function reserve(domain: Domain, machine: MachineRow, bytes: number, blob: string): Promise<string> {
  const id = domain.newId();
  await domain.records.transaction(async (stores) => {
    const current = (await stores.machines.findEvenDeleted(machine.id)) ?? machine;
    for (const { level, limitBytes, overageBytes, heldBytes } of await quotaLevels(stores, current)) {
      const hard = hardLimit({ limitBytes, overageBytes });
      if (hard !== null && heldBytes + bytes > hard)
        throw new HoldfastError("quota/exceeded", { level, used: heldBytes, limit: hard, wanted: bytes });
    }
    const { organization, userGroup, account, kind } = current;
    await stores.quota.reserve({ id, organization, userGroup, account, machine: machine.id, kind, bytes, blob });
  }, quotaTurn(machine));
  return id;
}

/** All uploads of an organization change the same few rows: they wait for each other instead of overtaking. */
export const quotaTurn = ({ organization }: Pick<MachineRow, "organization">): { lock: string } => ({
  lock: `quota/${organization}`,
});

export async function quotaLevels(
  stores: RecordStores,
  machine: Pick<MachineRow, "id" | "organization">,
): Promise<QuotaLevel[]> {
  const organization = await stores.organizations.find(machine.organization);
  const separatePools = organization !== undefined && settingsOf(organization).separatePools;
  return await stores.quota.levels(machine.id, { separatePools });
}

/** For a machine as it would be: brought back, or of another user. What it uses itself is not in the levels above it yet. */
export async function levelsAsIf(stores: RecordStores, machine: MachineRow): Promise<QuotaLevel[]> {
  const organization = await stores.organizations.find(machine.organization);
  const separatePools = organization !== undefined && settingsOf(organization).separatePools;
  return await stores.quota.levelsOf(machine, { separatePools });
}

/** Where backups fail; null: nowhere. */
export const hardLimit = ({ limitBytes, overageBytes }: Pick<QuotaLevel, "limitBytes" | "overageBytes">) =>
  limitBytes === null || overageBytes === null ? null : limitBytes + overageBytes;

/** What the machine may still store is what the tightest level leaves. */
export async function quotaView(
  stores: RecordStores,
  machine: Pick<MachineRow, "id" | "organization">,
): Promise<QuotaView> {
  const levels = await quotaLevels(stores, machine);
  const usedBytes = levels.find(({ level }) => level === "machine")?.usedBytes ?? 0;
  const left = levels.flatMap(roomLeft);
  const availableBytes = left.length === 0 ? null : Math.max(0, Math.min(...left));
  return {
    usedBytes,
    availableBytes,
    limitBytes: availableBytes === null ? null : usedBytes + availableBytes,
    state: quotaState(levels),
  };
}

const roomLeft = (level: QuotaLevel): number[] => {
  const hard = hardLimit(level);
  return hard === null ? [] : [hard - level.heldBytes];
};

/** Black, orange, red: below its limit, at it, beyond it. The worst of the levels. */
export function quotaState(levels: readonly Pick<QuotaLevel, "limitBytes" | "usedBytes">[]): QuotaView["state"] {
  const limited = levels.filter((each) => each.limitBytes !== null);
  if (limited.some(({ limitBytes, usedBytes }) => usedBytes > (limitBytes ?? 0))) return "exceeded";
  return limited.some(({ limitBytes, usedBytes }) => usedBytes === limitBytes) ? "reached" : "below";
}
