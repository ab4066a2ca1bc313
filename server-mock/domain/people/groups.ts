/** User groups and the rooms of groups and organizations. */
import type { RecordStores } from "../../records/records.ts";
import type { GroupRow, PoolKind, PoolRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";

export const POOL_KINDS: readonly PoolKind[] = ["all", "desktop", "server"];

/** Rooms of every kind, drawing on the organization's; `limitBytes` is of all together. */
export const newPools = (
  organization: string,
  holder: string,
  { limitBytes = null, overageBytes = 0 }: { limitBytes?: number | null; overageBytes?: number | null } = {},
): PoolRow[] =>
  POOL_KINDS.map((kind) => ({
    holder,
    kind,
    organization,
    mode: "shared",
    limitBytes: kind === "all" ? limitBytes : null,
    overageBytes: kind === "all" ? overageBytes : 0,
    usedBytes: 0,
    devices: null,
  }));

/** Adds the row and its rooms; the caller has seen that the name is free. */
export async function addGroup(
  domain: Domain,
  stores: RecordStores,
  wanted: Pick<GroupRow, "organization" | "name"> & Partial<Pick<GroupRow, "isDefault" | "externalId" | "settings">>,
): Promise<GroupRow> {
  const defaults = { isDefault: 0, externalId: null, settings: "{}" } as const;
  const row = { ...defaults, ...wanted, id: domain.newId(), version: 1, createdAt: domain.clock.now() };
  await stores.groups.insert(row);
  await stores.pools.insert(newPools(row.organization, row.id));
  return row;
}
