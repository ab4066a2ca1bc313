/** Retention as people see and set it: of an organization, a group, a machine; and what would go under another rule. */

import { keptSnapshots } from "../../../protocol/kept-snapshots.ts";
import {
  type RetentionPreview,
  type RetentionRule,
  type RetentionView,
  retentionRule,
} from "../../../protocol/messages/retention.ts";
import { isShorter } from "../../../protocol/retention-policies.ts";
import type { RecordStores } from "../../records/records.ts";
import type { VaultRow } from "../../records/rows.ts";
import { actorOf, getGroup, getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { tellPolicy } from "../events/policy-events.ts";
import { mailAdmins } from "../mail/security-mails.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";
import { existing, organizationOf } from "./organization-of.ts";
import { effectiveRetention, type Holder, retentionOf, ruleOf, wouldBe } from "./policies.ts";
import { isHeld, snapshotsToKeep } from "./prune.ts";

const SNAPSHOTS_SHOWN_MAX = 1000;

/** Whose rule is meant: exactly one. */
export type RuleOf = { readonly organization: string } | { readonly group: string } | { readonly machine: string };

interface Found {
  /** Id whose rule it is. */
  readonly id: string;
  readonly name: string;
  readonly holder: Holder;
  readonly vault: VaultRow | undefined;
  readonly isHeld: boolean;
  readonly level: "organization" | "group" | "machine";
  /** Of a machine: its user. */
  readonly account?: string;
}

/** What is none of the caller's business is missing. */
async function find(stores: RecordStores, caller: ConsoleCaller, of: RuleOf): Promise<Found> {
  if ("organization" in of) {
    const organization = await organizationOf(stores, caller, of.organization);
    const held = await stores.holds.isHeld([organization.id]);
    const { id, name } = organization;
    return { level: "organization", id, name, holder: { organization }, vault: undefined, isHeld: held };
  }
  if ("group" in of) {
    const group = await getGroup(stores, caller, of.group);
    const organization = await existing(stores, group.organization);
    const held = await stores.holds.isHeld([organization.id]);
    return {
      level: "group",
      id: group.id,
      name: group.name,
      holder: { organization, group: group.id },
      vault: undefined,
      isHeld: held,
    };
  }
  const { machine, vault } = await getMachine(stores, caller, of.machine);
  const organization = await existing(stores, machine.organization);
  const holder = { organization, group: machine.userGroup, machine: machine.id };
  const held = await isHeld(stores, { vault, machine, organization });
  const { id, name, account } = machine;
  return { level: "machine", id, name, account, holder, vault, isHeld: held };
}

export const getRetention = async ({ records }: Domain, caller: ConsoleCaller, of: RuleOf): Promise<RetentionView> =>
  await view(records, await find(records, caller, of));

async function view(stores: RecordStores, { id, holder, isHeld, level }: Found): Promise<RetentionView> {
  const nothing = retentionRule.parse({});
  const own = (await ruleOf(stores, id)) ?? nothing;
  const inherited = await wouldBe(stores, holder, { level, rule: nothing });
  return { own, effective: await effectiveRetention(stores, holder), inherited, isHeld };
}

export async function setRetention(
  domain: Domain,
  caller: ConsoleCaller,
  of: RuleOf,
  rule: RetentionRule,
  address: string,
): Promise<RetentionView> {
  return await domain.records.transaction(async (stores) => {
    const found = await find(stores, caller, of);
    const before = await effectiveRetention(stores, found.holder);
    const { id, name, holder } = found;
    const isEmpty = rule.policy === null && rule.graceDays === null;
    const organization = holder.organization.id;
    if (isEmpty) await stores.retention.remove(id);
    else
      await stores.retention.put({
        holder: id,
        organization,
        rule: JSON.stringify(rule),
        changedAt: domain.clock.now(),
      });
    const after = await effectiveRetention(stores, holder);
    const action = isShorter(before, after) ? "retention/shorten" : "retention/change";
    await audit(domain, stores, {
      ...actorOf(caller, address),
      organization,
      action,
      subject: name,
      detail: JSON.stringify(rule),
    });
    await tellPolicy(domain, stores, {
      ...{ what: "retention", organization, name, holder: id, by: caller.account.login },
      ...{ level: found.level, userGroup: holder.group, account: found.account },
    });
    if (isShorter(before, after)) {
      const notice = { kind: "retention-shortened", subject: name, detail: ruleText(after) } as const;
      await mailAdmins(domain, stores, organization, notice, actorOf(caller, address));
    }
    return await view(stores, found);
  });
}

const ruleText = ({ policy, graceDays }: RetentionView["effective"]): string =>
  `${typeof policy === "string" ? policy : "numbers of their own"}, deleted files for ${graceDays} days`;

/** What retention would do to a machine if it said `rule`. */
export async function previewRetention(
  { records }: Domain,
  caller: ConsoleCaller,
  { machine, ...wanted }: { machine: string; level: Found["level"]; rule: RetentionRule },
): Promise<RetentionPreview> {
  const { holder, vault, isHeld } = await find(records, caller, { machine });
  const snapshots = await snapshotsToKeep(records, vault?.number ?? 0);
  const today = keptSnapshots(snapshots, retentionOf(await effectiveRetention(records, holder)));
  const kept = keptSnapshots(snapshots, retentionOf(await wouldBe(records, holder, wanted)));
  const shown = snapshots.toReversed().map(({ sequence, receivedAt, isIncomplete }) => ({
    sequence,
    receivedAt: instant(receivedAt),
    incomplete: isIncomplete,
    reasons: isHeld ? [...(kept.get(sequence) ?? []), "held" as const] : (kept.get(sequence) ?? []),
    isLost: !isHeld && today.has(sequence) && !kept.has(sequence),
  }));
  const dropped = shown.filter(({ reasons }) => reasons.length === 0).length;
  const lost = shown.filter(({ isLost }) => isLost).length;
  return { kept: shown.length - dropped, dropped, lost, snapshots: shown.slice(0, SNAPSHOTS_SHOWN_MAX) };
}
