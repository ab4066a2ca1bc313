/** Retention as people see and set it: of an organization, a group, a machine; what would go; pins and legal holds. */
import { HoldfastError } from "../../../protocol/errors.ts";
import {
  type AdminSnapshotView,
  type HoldView,
  type RetentionPreview,
  type RetentionRule,
  type RetentionView,
  retentionRule,
} from "../../../protocol/messages/retention.ts";
import type { PageOf, RecordStores } from "../../records/records.ts";
import type { OrganizationRow, SnapshotRow, VaultRow } from "../../records/rows.ts";
import type { HoldRow, PinRow } from "../../records/space-rows.ts";
import { actorOf, getGroup, getMachine, getUser, isWithin } from "../access.ts";
import { audit } from "../audit.ts";
import type { ConsoleCaller } from "../callers.ts";
import type { Domain } from "../domain.ts";
import { mailAdmins } from "../mail/security-mails.ts";
import { type ListQuery, numberedPageOf, type Page, pageOf } from "../pages.ts";
import { instant } from "../views.ts";
import { effectiveRetention, type Holder, isShorter, retentionOf, ruleOf, wouldBe } from "./policies.ts";
import { isHeld, snapshotsToKeep, UNPRUNE_MS } from "./prune.ts";
import { keptSnapshots } from "./retention.ts";

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
}

/** What is none of the caller's business is missing. */
async function find(stores: RecordStores, caller: ConsoleCaller, of: RuleOf): Promise<Found> {
  if ("organization" in of) {
    const organization = await organizationOf(stores, caller, of.organization);
    const held = await stores.holds.isHeld([organization.id]);
    return { id: organization.id, name: organization.name, holder: { organization }, vault: undefined, isHeld: held };
  }
  if ("group" in of) {
    const group = await getGroup(stores, caller, of.group);
    const organization = await existing(stores, group.organization);
    const held = await stores.holds.isHeld([organization.id]);
    return {
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
  return { id: machine.id, name: machine.name, holder, vault, isHeld: held };
}

/** The whole organization is the business of those who see all of it. Throws `organization/missing`. */
async function organizationOf(stores: RecordStores, { scope }: ConsoleCaller, id: string): Promise<OrganizationRow> {
  const isSeen =
    (scope.organization === undefined || scope.organization === id) &&
    scope.groups === undefined &&
    scope.account === undefined;
  if (!isSeen) throw new HoldfastError("organization/missing");
  return await existing(stores, id);
}

async function existing(stores: RecordStores, id: string): Promise<OrganizationRow> {
  const organization = await stores.organizations.find(id);
  if (organization === undefined) throw new HoldfastError("organization/missing");
  return organization;
}

export const getRetention = async ({ records }: Domain, caller: ConsoleCaller, of: RuleOf): Promise<RetentionView> =>
  await view(records, await find(records, caller, of));

async function view(stores: RecordStores, { id, holder, isHeld }: Found): Promise<RetentionView> {
  const own = (await ruleOf(stores, id)) ?? retentionRule.parse({});
  return { own, effective: await effectiveRetention(stores, holder), isHeld };
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
  { machine, rule }: { machine: string; rule: RetentionRule },
): Promise<RetentionPreview> {
  const { holder, vault, isHeld } = await find(records, caller, { machine });
  const snapshots = await snapshotsToKeep(records, vault?.number ?? 0);
  const kept = keptSnapshots(snapshots, retentionOf(await wouldBe(records, holder, rule)));
  const shown = snapshots.toReversed().map(({ sequence, receivedAt, isIncomplete }) => ({
    sequence,
    receivedAt: instant(receivedAt),
    incomplete: isIncomplete,
    reasons: isHeld ? [...(kept.get(sequence) ?? []), "held" as const] : (kept.get(sequence) ?? []),
  }));
  const dropped = shown.filter(({ reasons }) => reasons.length === 0).length;
  return { kept: shown.length - dropped, dropped, snapshots: shown.slice(0, SNAPSHOTS_SHOWN_MAX) };
}

export async function listHistory(
  { records }: Domain,
  caller: ConsoleCaller,
  { machine, ...query }: ListQuery & { machine: string },
): Promise<Page<AdminSnapshotView>> {
  const { vault } = await getMachine(records, caller, machine);
  const pins = new Map((await records.pins.list(vault.number)).map((pin) => [pin.sequence, pin]));
  return await numberedPageOf(
    query,
    (page) => records.snapshots.list(vault.number, page, "all"),
    ({ sequence }) => sequence,
    (row) => viewSnapshot(row, pins.get(row.sequence)),
  );
}

const viewSnapshot = (row: SnapshotRow, pin: PinRow | undefined): AdminSnapshotView => ({
  sequence: row.sequence,
  record: row.record,
  receivedAt: instant(row.receivedAt),
  incomplete: row.incomplete === 1,
  files: row.files,
  bytes: row.bytes,
  state: row.state,
  restorableUntil: row.state === "pruned" ? instant((row.stateAt ?? 0) + UNPRUNE_MS) : null,
  pin: pin?.reason ?? null,
});

interface SnapshotAct {
  readonly machine: string;
  readonly sequence: number;
  readonly reason: string;
}

export async function pinSnapshot(domain: Domain, caller: ConsoleCaller, act: SnapshotAct, address: string) {
  return await domain.records.transaction(async (stores) => {
    const { machine, vault } = await getMachine(stores, caller, act.machine);
    const snapshot = await stores.snapshots.find(vault.number, act.sequence);
    if (snapshot?.state !== "kept") throw new HoldfastError("snapshot/missing", { snapshot: act.sequence });
    const pin = await putPin(domain, stores, caller, { vault: vault.number, ...act });
    await auditSnapshot(domain, stores, caller, { ...act, address, action: "snapshots/pin", machine });
    return { sequence: pin.sequence, reason: pin.reason, madeBy: pin.madeBy, madeAt: instant(pin.madeAt) };
  });
}

export async function unpinSnapshot(
  domain: Domain,
  caller: ConsoleCaller,
  act: Omit<SnapshotAct, "reason">,
  address: string,
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const { machine, vault } = await getMachine(stores, caller, act.machine);
    await stores.pins.remove(vault.number, act.sequence);
    await auditSnapshot(domain, stores, caller, { ...act, reason: "", address, action: "snapshots/unpin", machine });
  });
}

/** Back among the kept, and pinned: the policy would drop it again at once. Throws `snapshot/missing` when its days are over. */
export async function unpruneSnapshot(
  domain: Domain,
  caller: ConsoleCaller,
  act: SnapshotAct,
  address: string,
): Promise<AdminSnapshotView> {
  const { vault } = await getMachine(domain.records, caller, act.machine);
  return await domain.inTurn(`vault/${vault.id}`, () =>
    domain.records.transaction(async (stores) => {
      const { machine } = await getMachine(stores, caller, act.machine);
      const { sequence } = act;
      const snapshot = await stores.snapshots.find(vault.number, sequence);
      if (snapshot === undefined || snapshot.state === "gone")
        throw new HoldfastError("snapshot/missing", { snapshot: sequence });
      await stores.reach.changeSnapshots(vault.number, [sequence], { state: "kept", stateAt: null });
      const pin = await putPin(domain, stores, caller, { vault: vault.number, ...act });
      await auditSnapshot(domain, stores, caller, { ...act, address, action: "snapshots/unprune", machine });
      return viewSnapshot({ ...snapshot, state: "kept", stateAt: null }, pin);
    }),
  );
}

async function putPin(
  domain: Domain,
  stores: RecordStores,
  caller: ConsoleCaller,
  { vault, sequence, reason }: { vault: number; sequence: number; reason: string },
): Promise<PinRow> {
  const pin = { vault, sequence, reason, madeBy: caller.account.login, madeAt: domain.clock.now() };
  await stores.pins.put(pin);
  return pin;
}

async function auditSnapshot(
  domain: Domain,
  stores: RecordStores,
  caller: ConsoleCaller,
  act: {
    sequence: number;
    reason: string;
    address: string;
    action: string;
    machine: { organization: string; name: string };
  },
): Promise<void> {
  const { machine, address, action, sequence, reason } = act;
  const detail = `snapshot ${sequence}${reason === "" ? "" : `: ${reason}`}`;
  const { organization, name } = machine;
  await audit(domain, stores, { ...actorOf(caller, address), organization, action, subject: name, detail });
}

/** Who sees some groups only, sees only what is held there. */
export async function listHolds({ records }: Domain, caller: ConsoleCaller, query: ListQuery): Promise<Page<HoldView>> {
  const { organization } = caller.scope;
  const list = async ({ limit, after }: PageOf): Promise<HoldRow[]> => {
    const shown: HoldRow[] = [];
    for (let last = after; ; ) {
      const rows = await records.holds.list({ limit, after: last }, { organization });
      for (const row of rows) if (await seesHold(records, caller, row)) shown.push(row);
      last = rows.at(-1)?.id;
      if (rows.length < limit || shown.length >= limit) return shown.slice(0, limit);
    }
  };
  return await pageOf(query, list, viewHold);
}

async function seesHold(stores: RecordStores, caller: ConsoleCaller, hold: HoldRow): Promise<boolean> {
  const { scope } = caller;
  if (scope.groups === undefined && scope.account === undefined)
    return scope.organization === undefined || scope.organization === hold.organization;
  if (hold.level === "organization") return false;
  const machine = hold.level === "machine" ? await stores.machines.findEvenDeleted(hold.holder) : undefined;
  if (machine !== undefined) return isWithin(scope, machine);
  const account = hold.level === "user" ? await stores.accounts.find(hold.holder) : undefined;
  if (account === undefined) return false;
  const { organization, userGroup } = account;
  return isWithin(scope, { organization, userGroup: userGroup ?? "", account: account.id });
}

const viewHold = ({ id, level, holder, reason, madeBy, madeAt }: HoldRow): HoldView => ({
  id,
  level,
  holder,
  reason,
  madeBy,
  madeAt: instant(madeAt),
});

interface HoldOrder {
  readonly organization?: string | undefined;
  readonly user?: string | undefined;
  readonly machine?: string | undefined;
  readonly reason: string;
}

export async function createHold(
  domain: Domain,
  caller: ConsoleCaller,
  order: HoldOrder,
  address: string,
): Promise<HoldView> {
  return await domain.records.transaction(async (stores) => {
    const { name, ...held } = await heldBy(stores, caller, order);
    const row = {
      ...held,
      id: domain.newId(),
      reason: order.reason,
      madeBy: caller.account.login,
      madeAt: domain.clock.now(),
    };
    await stores.holds.insert(row);
    const { organization } = held;
    const act = { ...actorOf(caller, address), organization, action: "holds/create", subject: name };
    await audit(domain, stores, { ...act, detail: order.reason });
    return viewHold(row);
  });
}

async function heldBy(
  stores: RecordStores,
  caller: ConsoleCaller,
  { organization, user, machine }: HoldOrder,
): Promise<Pick<HoldRow, "organization" | "level" | "holder"> & { name: string }> {
  if ([organization, user, machine].filter((each) => each !== undefined).length !== 1)
    throw new HoldfastError("request/malformed", { reason: "one of organization, user and machine is needed" });
  if (machine !== undefined) {
    const found = (await getMachine(stores, caller, machine)).machine;
    return { organization: found.organization, level: "machine", holder: found.id, name: found.name };
  }
  if (user !== undefined) {
    const found = await getUser(stores, caller, user);
    return { organization: found.organization ?? "", level: "user", holder: found.id, name: found.login };
  }
  const found = await organizationOf(stores, caller, organization ?? "");
  return { organization: found.id, level: "organization", holder: found.id, name: found.name };
}

/** Throws `hold/missing`. */
export async function removeHold(domain: Domain, caller: ConsoleCaller, id: string, address: string): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const hold = await stores.holds.find(id);
    if (hold === undefined || !(await seesHold(stores, caller, hold))) throw new HoldfastError("hold/missing");
    await stores.holds.remove(id);
    const act = { ...actorOf(caller, address), organization: hold.organization, action: "holds/remove" };
    await audit(domain, stores, { ...act, subject: hold.holder, detail: hold.reason });
  });
}
