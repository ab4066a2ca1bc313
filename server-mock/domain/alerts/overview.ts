/** Counts of what the caller may see, each with the filter that lists it. */
import { MACHINE_STATUSES, type Overview } from "../../../protocol/messages/alerts.ts";
import type { RecordStores, Scope } from "../../records/records.ts";
import type { ConsoleCaller } from "../callers.ts";
import type { Domain } from "../domain.ts";
import { instant } from "../views.ts";
import { cutoffsOf } from "./cutoffs.ts";

/** Counting a million machines takes a moment, and people reload pages. */
const FRESH_MS = 30_000;
const KEPT_MAX = 500;

type Counted = Pick<Overview, "machines" | "storage" | "countedAt">;

export type OverviewCounts = (caller: ConsoleCaller) => Promise<Overview>;

/** Remembers its counts for a moment, by scope. */
export function overviewCounts(domain: Domain): OverviewCounts {
  const kept = new Map<string, { at: number; counted: Promise<Counted> }>();
  return async (caller) => {
    const now = domain.clock.now();
    const key = JSON.stringify(caller.scope);
    const known = kept.get(key);
    const isFresh = known !== undefined && now - known.at < FRESH_MS;
    const counted = isFresh ? known.counted : count(domain, caller);
    if (!isFresh) {
      kept.delete(key);
      kept.set(key, { at: now, counted });
      if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value ?? "");
      counted.catch(() => kept.delete(key));
    }
    const { records } = domain;
    return {
      ...(await counted),
      runningBackups: await records.watch.countRunning(caller.scope),
      alerts: await records.alerts.countOpen(caller.scope),
      mail: await mailState(domain, caller),
    };
  };
}

async function count(domain: Domain, { scope, account }: ConsoleCaller): Promise<Counted> {
  const { records, clock } = domain;
  const byStatus = await records.watch.countByStatus(scope, await cutoffsOf(domain, records, scope));
  return {
    machines: {
      total: Object.values(byStatus).reduce((sum, each) => sum + each, 0),
      byStatus: MACHINE_STATUSES.map((status) => ({ status, count: byStatus[status], filter: { status } })),
    },
    storage: await storageOf(records, scope, account),
    countedAt: instant(clock.now()),
  };
}

/** Of the widest thing that the caller sees as a whole; a top-level admin sees use without a limit. */
async function storageOf(
  stores: RecordStores,
  scope: Scope,
  account: ConsoleCaller["account"],
): Promise<Overview["storage"]> {
  if (scope.account !== undefined) return { usedBytes: account.usedBytes, limitBytes: account.limitBytes };
  const holders = scope.groups ?? (scope.organization === undefined ? undefined : [scope.organization]);
  if (holders === undefined) return { usedBytes: await stores.watch.sumUsed(), limitBytes: null };
  const pools = await Promise.all(holders.map((holder) => stores.pools.find(holder, "all")));
  const [only] = pools;
  return {
    usedBytes: pools.reduce((sum, pool) => sum + (pool?.usedBytes ?? 0), 0),
    limitBytes: pools.length === 1 && only?.mode !== "none" ? (only?.limitBytes ?? null) : null,
  };
}

async function mailState({ records, outside }: Domain, caller: ConsoleCaller): Promise<Overview["mail"]> {
  const isConfigured = outside.post !== undefined;
  const maySee = caller.capabilities.has("organization.view") && caller.scope.groups === undefined;
  const counts = maySee ? await records.mails.countByState(caller.scope.organization) : { queued: 0, failed: 0 };
  const hint = isConfigured || !maySee ? null : MAIL_HINT;
  return { isConfigured, waiting: counts.queued, failed: counts.failed, hint };
}

export const MAIL_HINT =
  "No mail server is configured: mails wait in the outbox. Whoever runs the service sets HOLDFAST_SMTP_URL (and HOLDFAST_MAIL_FROM, HOLDFAST_PUBLIC_URL).";
