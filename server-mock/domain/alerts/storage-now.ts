/** Storage used against its limit, now. */
import type { Overview } from "../../../protocol/messages/overview.ts";
import type { RecordStores, Scope } from "../../records/records.ts";
import type { AccountRow } from "../../records/rows.ts";
import { quotaState } from "../backup/quota.ts";

/** Of the widest thing that the caller sees as a whole; a top-level admin sees use without a limit. */
export async function storageOf(
  stores: RecordStores,
  scope: Scope,
  account: Pick<AccountRow, "usedBytes" | "limitBytes">,
): Promise<Overview["storage"]> {
  if (scope.account !== undefined) return stated(account);
  const holders = scope.groups ?? (scope.organization === undefined ? undefined : [scope.organization]);
  if (holders === undefined) return stated({ usedBytes: await stores.watch.sumUsed(), limitBytes: null });
  const pools = await Promise.all(holders.map((holder) => stores.pools.find(holder, "all")));
  const [only] = pools;
  return stated({
    usedBytes: pools.reduce((sum, pool) => sum + (pool?.usedBytes ?? 0), 0),
    limitBytes: pools.length === 1 && only?.mode !== "none" ? (only?.limitBytes ?? null) : null,
  });
}

const stated = ({ usedBytes, limitBytes }: Pick<AccountRow, "usedBytes" | "limitBytes">): Overview["storage"] => ({
  usedBytes,
  limitBytes,
  state: quotaState([{ usedBytes, limitBytes }]),
});
