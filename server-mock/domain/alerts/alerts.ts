/** Alerts open once for each matter, are counted up while it lasts, and close by themselves when it is good again. */
import type { AlertKind } from "../../../protocol/messages/alerts.ts";
import type { AlertRow } from "../../records/notice-rows.ts";
import type { RecordStores } from "../../records/records.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";

export interface Finding {
  /** null: the whole service; only top-level admins see it. */
  readonly organization: string | null;
  readonly kind: AlertKind;
  /** Of what it is about: one alert of a kind is open for each. */
  readonly id: string;
  /** Its name. */
  readonly subject: string;
  readonly cause: string;
  /** One sentence for people. */
  readonly message: string;
  readonly machine?: string | undefined;
  readonly account?: string | undefined;
  readonly userGroup?: string | undefined;
  readonly detail?: Readonly<Record<string, string | number | null>>;
}

/** Found again with nothing new to say, it is counted once an hour: many are looked at every few minutes. */
const REPEAT_MS = 3_600_000;

export const alertKey = (kind: AlertKind, id: string): string => `${kind}/${id}`;

/** Whether the open alert says all that there is to say. */
export const isToldAlready = (
  open: AlertRow,
  found: Pick<Finding, "subject" | "message" | "userGroup">,
  now: number,
): boolean =>
  open.message === found.message &&
  open.subject === found.subject &&
  open.userGroup === (found.userGroup ?? null) &&
  now - open.repeatedAt < REPEAT_MS;

/** True when it is new. In a transaction. */
export async function openAlert(domain: Domain, stores: RecordStores, finding: Finding): Promise<boolean> {
  const { organization, kind, subject, cause, message, machine = null, account = null, userGroup = null } = finding;
  const now = domain.clock.now();
  const openKey = alertKey(kind, finding.id);
  const detail = JSON.stringify(finding.detail ?? {});
  const open = await stores.alerts.findOpen(openKey);
  if (open !== undefined) {
    if (isToldAlready(open, finding, now)) return false;
    const seen = { subject, cause, message, detail, userGroup, account };
    await stores.alerts.change(open.id, { ...seen, repeatedAt: now, repeats: open.repeats + 1 });
    return false;
  }
  await stores.alerts.insert({
    id: domain.newId(),
    organization,
    userGroup,
    account,
    machine,
    kind,
    subject,
    openKey,
    cause,
    message,
    detail,
    openedAt: now,
    repeatedAt: now,
    repeats: 0,
    acknowledgedAt: null,
    acknowledgedBy: null,
    closedAt: null,
  });
  const told = { alert: kind, subject, cause, message };
  if (organization !== null)
    await emit(domain, stores, {
      organization,
      kind: "alert.opened",
      machine: machine ?? undefined,
      account: account ?? undefined,
      userGroup: userGroup ?? undefined,
      detail: told,
    });
  return true;
}

/** The alert that was open; undefined: there was none. `until`: only if it was opened by then. In a transaction. */
export async function closeAlert(
  domain: Domain,
  stores: RecordStores,
  kind: AlertKind,
  id: string,
  until: number = Number.POSITIVE_INFINITY,
): Promise<AlertRow | undefined> {
  const open = await stores.alerts.findOpen(alertKey(kind, id));
  if (open === undefined || open.openedAt > until) return undefined;
  await stores.alerts.change(open.id, { openKey: null, closedAt: domain.clock.now() });
  const { organization, subject, machine, account, userGroup } = open;
  if (organization !== null)
    await emit(domain, stores, {
      organization,
      kind: "alert.closed",
      machine: machine ?? undefined,
      account: account ?? undefined,
      userGroup: userGroup ?? undefined,
      detail: { alert: kind, subject },
    });
  return open;
}
