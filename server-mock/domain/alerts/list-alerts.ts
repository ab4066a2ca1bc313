/** Alerts, as people see and acknowledge them. */
import { HoldfastError } from "../../../protocol/errors.ts";
import { type AlertQuery, type AlertView, alertKind } from "../../../protocol/messages/alerts.ts";
import type { AlertRow } from "../../records/notice-rows.ts";
import { actorOf, isWithin } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";

/** Users see those about themselves; admins need the capability. */
export async function listAlerts(
  { records }: Domain,
  caller: ConsoleCaller,
  query: AlertQuery,
): Promise<Page<AlertView>> {
  const { state, kind, cause, machine, organization, ...page } = query;
  const filter = { scope: scopeOf(await narrowed(records, caller, organization)), state, kind, cause, machine };
  return await pageOf(page, (wanted) => records.alerts.list(wanted, filter), viewAlert);
}

/** Without `alerts.view`: those of the own machines only. */
const scopeOf = ({ scope, capabilities, account }: ConsoleCaller) =>
  capabilities.has("alerts.view") ? scope : { ...scope, account: account.id };

/** Throws `alert/missing`. An acknowledged one stays as it is. */
export async function acknowledgeAlert(
  domain: Domain,
  caller: ConsoleCaller,
  id: string,
  address: string,
): Promise<AlertView> {
  return await domain.records.transaction(async (stores) => {
    const row = await stores.alerts.find(id);
    if (row === undefined || !isSeen(caller, row)) throw new HoldfastError("alert/missing");
    if (row.acknowledgedAt !== null || row.closedAt !== null) return viewAlert(row);
    const changed = { acknowledgedAt: domain.clock.now(), acknowledgedBy: caller.account.login };
    await stores.alerts.change(id, changed);
    const { organization, subject, kind: detail } = row;
    await audit(domain, stores, {
      ...actorOf(caller, address),
      organization,
      action: "alerts/acknowledge",
      subject,
      detail,
    });
    return viewAlert({ ...row, ...changed });
  });
}

const isSeen = (caller: ConsoleCaller, { organization, userGroup, account }: AlertRow): boolean =>
  isWithin(scopeOf(caller), { organization, userGroup: userGroup ?? "", account: account ?? "" });

const viewAlert = (row: AlertRow): AlertView => ({
  id: row.id,
  kind: alertKind.parse(row.kind),
  organization: row.organization,
  machine: row.machine,
  user: row.account,
  subject: row.subject,
  cause: row.cause,
  message: row.message,
  state: row.closedAt !== null ? "closed" : row.acknowledgedAt !== null ? "acknowledged" : "open",
  openedAt: instant(row.openedAt),
  repeatedAt: instant(row.repeatedAt),
  repeats: row.repeats,
  acknowledgedAt: row.acknowledgedAt === null ? null : instant(row.acknowledgedAt),
  acknowledgedBy: row.acknowledgedBy,
  closedAt: row.closedAt === null ? null : instant(row.closedAt),
});
