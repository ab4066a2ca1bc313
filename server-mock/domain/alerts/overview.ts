/** Counts of what the caller may see, each with the filter that lists it. */
import { MACHINE_STATUSES } from "../../../protocol/messages/alerts.ts";
import type { Overview, OverviewQuery } from "../../../protocol/messages/overview.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { instant } from "../views.ts";
import { remembered } from "./remembered.ts";
import { countStatuses } from "./status-counts.ts";
import { storageOf } from "./storage-now.ts";

type Counted = Pick<Overview, "machines" | "storage" | "countedAt">;

/** Throws `organization/missing`. */
export type OverviewCounts = (caller: ConsoleCaller, query: OverviewQuery) => Promise<Overview>;

/** Remembers its counts by scope. */
export function overviewCounts(domain: Domain): OverviewCounts {
  const { records, clock } = domain;
  const countOnce = remembered(
    clock,
    ({ scope, account }: ConsoleCaller) => JSON.stringify([scope, account.organization]),
    (caller) => count(domain, caller),
  );
  return async (asked, { organization }) => {
    const caller = await narrowed(records, asked, organization);
    return {
      ...(await countOnce(caller)),
      runningBackups: await records.watch.countRunning(caller.scope),
      alerts: await records.alerts.countOpen(caller.scope),
      mail: await mailState(domain, caller),
    };
  };
}

async function count(domain: Domain, caller: ConsoleCaller): Promise<Counted> {
  const { records, clock } = domain;
  const { scope, account } = caller;
  const byStatus = await countStatuses(domain, records, scope);
  const list = listOf(caller);
  return {
    machines: {
      total: Object.values(byStatus).reduce((sum, each) => sum + each, 0),
      byStatus: MACHINE_STATUSES.map((status) => ({ status, count: byStatus[status], filter: { status, ...list } })),
    },
    storage: await storageOf(records, scope, account),
    countedAt: instant(clock.now()),
  };
}

/** What a query must say so that a list holds no more than the caller looks at: a top-level admin's organization. */
export const listOf = ({ account, scope: { organization } }: ConsoleCaller): { organization?: string } =>
  account.organization === null && organization !== undefined ? { organization } : {};

async function mailState({ records, outside }: Domain, caller: ConsoleCaller): Promise<Overview["mail"]> {
  const isConfigured = outside.post !== undefined;
  const maySee = caller.capabilities.has("organization.view") && caller.scope.groups === undefined;
  const counts = maySee ? await records.mails.countByState(caller.scope.organization) : { queued: 0, failed: 0 };
  const hint = isConfigured || !maySee ? null : MAIL_HINT;
  return { isConfigured, waiting: counts.queued, failed: counts.failed, hint };
}

export const MAIL_HINT =
  "No mail server is configured: mails wait in the outbox. Whoever runs the service sets HOLDFAST_SMTP_URL (and HOLDFAST_MAIL_FROM, HOLDFAST_PUBLIC_URL).";
