/** Counts of what the caller may see, each with the filter that lists it. */
import { MACHINE_STATUSES } from "../../../protocol/messages/alerts.ts";
import type { Overview, OverviewQuery } from "../../../protocol/messages/overview.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { instant } from "../views.ts";
import { countStatuses } from "./status-counts.ts";
import { storageOf } from "./storage-now.ts";

/** Counting a million machines takes a moment, and people reload pages: counts older than this are made anew, behind an answer. */
const FRESH_MS = 5_000;
/** Older ones are not shown. */
const STALE_MS = 60_000;
const KEPT_MAX = 500;

type Counted = Pick<Overview, "machines" | "storage" | "countedAt">;

/** Throws `organization/missing`. */
export type OverviewCounts = (caller: ConsoleCaller, query: OverviewQuery) => Promise<Overview>;

interface Kept {
  readonly at: number;
  readonly counted: Promise<Counted>;
  /** The next counts, on their way. */
  next: Promise<void> | undefined;
}

/** Remembers its counts by scope. */
export function overviewCounts(domain: Domain): OverviewCounts {
  const kept = new Map<string, Kept>();
  const remember = (key: string, counted: Promise<Counted>): Kept => {
    const made: Kept = { at: domain.clock.now(), counted, next: undefined };
    kept.delete(key);
    kept.set(key, made);
    if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value ?? "");
    counted.catch(() => kept.delete(key));
    return made;
  };
  const renew = async (key: string, caller: ConsoleCaller): Promise<void> => {
    const counted = await count(domain, caller).catch(() => undefined);
    if (counted !== undefined) remember(key, Promise.resolve(counted));
  };
  return async (asked, { organization }) => {
    const caller = await narrowed(domain.records, asked, organization);
    const key = JSON.stringify([caller.scope, caller.account.organization]);
    const known = kept.get(key);
    const age = domain.clock.now() - (known?.at ?? 0);
    const isGood = known !== undefined && age < STALE_MS;
    const shown = isGood ? known : remember(key, count(domain, caller));
    if (isGood && age >= FRESH_MS) known.next ??= renew(key, caller);
    const { records } = domain;
    return {
      ...(await shown.counted),
      runningBackups: await records.watch.countRunning(caller.scope),
      alerts: await records.alerts.countOpen(caller.scope),
      mail: await mailState(domain, caller),
    };
  };
}

async function count(domain: Domain, { scope, account }: ConsoleCaller): Promise<Counted> {
  const { records, clock } = domain;
  const narrow =
    account.organization === null && scope.organization !== undefined ? { organization: scope.organization } : {};
  const byStatus = await countStatuses(domain, records, scope);
  return {
    machines: {
      total: Object.values(byStatus).reduce((sum, each) => sum + each, 0),
      byStatus: MACHINE_STATUSES.map((status) => ({ status, count: byStatus[status], filter: { status, ...narrow } })),
    },
    storage: await storageOf(records, scope, account),
    countedAt: instant(clock.now()),
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
