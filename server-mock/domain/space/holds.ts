/** Legal holds: nothing of an organization, a user or a machine expires. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { HoldView } from "../../../protocol/messages/retention.ts";
import type { PageOf, RecordStores } from "../../records/records.ts";
import type { HoldRow } from "../../records/space-rows.ts";
import { actorOf, getMachine, getUser, isWithin } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";
import { organizationOf } from "./organization-of.ts";

/** Who sees some groups only, sees only what is held there. `machine`: what reaches it; throws `machine/missing`. */
export async function listHolds(
  { records }: Domain,
  caller: ConsoleCaller,
  { machine, ...query }: ListQuery & { machine?: string | undefined },
): Promise<Page<HoldView>> {
  const { organization } = caller.scope;
  const holders = machine === undefined ? undefined : await holdersOf(records, caller, machine);
  const list = async ({ limit, after }: PageOf): Promise<HoldRow[]> => {
    const shown: HoldRow[] = [];
    for (let last = after; ; ) {
      const rows = await records.holds.list({ limit, after: last }, { organization, holders });
      for (const row of rows) if (await seesHold(records, caller, row)) shown.push(row);
      last = rows.at(-1)?.id;
      if (rows.length < limit || shown.length >= limit) return shown.slice(0, limit);
    }
  };
  return await pageOf(query, list, (row) => viewHold(records, row));
}

async function holdersOf(stores: RecordStores, caller: ConsoleCaller, id: string): Promise<readonly string[]> {
  const { machine } = await getMachine(stores, caller, id, { evenDeleted: true });
  return [machine.id, machine.account, machine.organization];
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

async function viewHold(stores: RecordStores, hold: HoldRow): Promise<HoldView> {
  const { id, level, holder, reason, madeBy, madeAt } = hold;
  return { id, level, holder, name: await nameOf(stores, hold), reason, madeBy, madeAt: instant(madeAt) };
}

async function nameOf(stores: RecordStores, { level, holder }: HoldRow): Promise<string> {
  switch (level) {
    case "organization":
      return (await stores.organizations.find(holder))?.name ?? "";
    case "user":
      return (await stores.accounts.find(holder))?.login ?? "";
    case "machine":
      return (await stores.machines.findEvenDeleted(holder))?.name ?? "";
  }
}

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
    return await viewHold(stores, row);
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
