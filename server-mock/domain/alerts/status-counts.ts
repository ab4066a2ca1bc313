/** How many machines of a scope are how. Counted a window at a time, so that a million of them keep nobody waiting. */
import { setImmediate as pause } from "node:timers/promises";
import { MACHINE_STATUSES, type MachineStatus } from "../../../protocol/messages/alerts.ts";
import type { RecordStores, Scope } from "../../records/records.ts";
import type { Domain } from "../domain.ts";
import { cutoffsOf } from "./cutoffs.ts";

const WINDOW = 10_000;

export async function countStatuses(
  domain: Domain,
  stores: RecordStores,
  scope: Scope,
): Promise<Record<MachineStatus, number>> {
  const cutoffs = await cutoffsOf(domain, stores, scope);
  const total = new Map<string, number>();
  // Group by group: each is one stretch of its index.
  const { groups, ...wide } = scope;
  const scopes = groups === undefined ? [wide] : groups.map((group) => ({ ...wide, groups: [group] }));
  for (const each of scopes)
    for (let after: string | undefined; ; await pause()) {
      const { counts, next } = await stores.watch.countByStatus({ limit: WINDOW, after }, { scope: each, cutoffs });
      for (const [status, count] of Object.entries(counts)) total.set(status, (total.get(status) ?? 0) + count);
      if (next === undefined) break;
      after = next;
    }
  const named = MACHINE_STATUSES.map((status) => [status, total.get(status) ?? 0] as const);
  return Object.fromEntries(named) as Record<MachineStatus, number>; // Of all names.
}
