/** Which rule holds for whom: machine before group before organization before the default. */

import type { Retention } from "../../../protocol/kept-snapshots.ts";
import {
  type PolicyName,
  type RetentionRule,
  type RetentionView,
  retentionRule,
} from "../../../protocol/messages/retention.ts";
import { numbersOf } from "../../../protocol/retention-policies.ts";
import type { RecordStores } from "../../records/records.ts";
import type { OrganizationRow } from "../../records/rows.ts";
import { settingsOf } from "../people/settings.ts";

export const DEFAULT_POLICY: PolicyName = "1-year";

const GRACE_DAYS = { home: 30, pro: 60, enterprise: 90 } as const;

/** Whom a rule is wanted for; of a group's rule `machine` is absent, of an organization's the group, too. */
export interface Holder {
  readonly organization: OrganizationRow;
  readonly group?: string | undefined;
  readonly machine?: string | undefined;
}

export type EffectiveRetention = RetentionView["effective"];

export async function effectiveRetention(stores: RecordStores, holder: Holder): Promise<EffectiveRetention> {
  const { organization, group, machine } = holder;
  const levels = [
    ["machine", await ruleOf(stores, machine)],
    ["group", await ruleOf(stores, group)],
    ["organization", await ruleOf(stores, organization.id)],
  ] as const;
  return resolve(levels, organization);
}

/** What would hold for the holder if `level` said `rule`. */
export async function wouldBe(
  stores: RecordStores,
  holder: Holder,
  { level, rule }: { readonly level: "machine" | "group" | "organization"; readonly rule: RetentionRule },
): Promise<EffectiveRetention> {
  const { organization, group, machine } = holder;
  const levels = [
    ["machine", level === "machine" ? rule : await ruleOf(stores, machine)],
    ["group", level === "group" ? rule : await ruleOf(stores, group)],
    ["organization", level === "organization" ? rule : await ruleOf(stores, organization.id)],
  ] as const;
  return resolve(levels, organization);
}

type Level = readonly ["machine" | "group" | "organization", RetentionRule | undefined];

function resolve(levels: readonly Level[], organization: OrganizationRow): EffectiveRetention {
  const [policyFrom, policy] = nearest(levels, (rule) => rule.policy) ?? (["default", DEFAULT_POLICY] as const);
  const [graceFrom, graceDays] =
    nearest(levels, (rule) => rule.graceDays) ?? (["default", GRACE_DAYS[organization.edition]] as const);
  const { timeZone } = settingsOf(organization);
  return { policy, numbers: numbersOf(policy), policyFrom, graceDays, graceFrom, timeZone };
}

function nearest<Value>(
  levels: readonly Level[],
  pick: (rule: RetentionRule) => Value | null,
): readonly [Level[0], Value] | undefined {
  for (const [level, rule] of levels) {
    const value = rule === undefined ? null : pick(rule);
    if (value !== null) return [level, value];
  }
  return undefined;
}

export async function ruleOf(stores: RecordStores, holder: string | undefined): Promise<RetentionRule | undefined> {
  const row = holder === undefined ? undefined : await stores.retention.find(holder);
  return row === undefined ? undefined : retentionRule.parse(JSON.parse(row.rule));
}

/** A time zone that this system doesn't know must not stop retention; it counts in UTC then. */
export const retentionOf = ({ numbers, graceDays, timeZone }: EffectiveRetention): Retention => ({
  numbers,
  graceDays,
  timeZone: isTimeZone(timeZone) ? timeZone : "UTC",
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
