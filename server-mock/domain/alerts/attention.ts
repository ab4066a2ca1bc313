/** Machines that need somebody: who is not backed up, since when, and why. */
import {
  ATTENTION_STATUSES,
  type Attention,
  type AttentionItem,
  type AttentionQuery,
} from "../../../protocol/messages/overview.ts";
import type { ListedMachine, MachineSort } from "../../records/lists.ts";
import type { Cutoffs } from "../../records/watch.ts";
import { requireCapability } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { impliedBy } from "../lists/filters.ts";
import { firstIdAt } from "../row-ids.ts";
import { instant, instantOrNull } from "../views.ts";
import { cutoffsOf } from "./cutoffs.ts";
import { listOf } from "./overview.ts";
import { remembered } from "./remembered.ts";
import { overdueCause } from "./silence.ts";

type Status = (typeof ATTENTION_STATUSES)[number];

interface Asked {
  readonly caller: ConsoleCaller;
  readonly limit: number;
}

/** Before every row, and not counted. */
const BEGINNING = { key: -1, id: "" };

/** The longest without a backup first. */
const SORTS: Readonly<Record<Status, MachineSort>> = {
  failing: "last-update",
  late: "last-update",
  never: "created",
  offline: "last-update",
};

/** Throws `organization/missing`, `role/not-allowed`. Remembers its answers by scope. */
export function attentionOf(domain: Domain): (caller: ConsoleCaller, query: AttentionQuery) => Promise<Attention> {
  const findOnce = remembered(
    domain.clock,
    ({ caller: { scope, account }, limit }: Asked) => JSON.stringify([scope, account.organization, limit]),
    (asked) => findAttention(domain, asked),
  );
  return async (asked, { organization, limit }) => {
    if (asked.scope.account === undefined) requireCapability(asked, "machines.view");
    return await findOnce({ caller: await narrowed(domain.records, asked, organization), limit });
  };
}

async function findAttention(domain: Domain, { caller, limit }: Asked): Promise<Attention> {
  const { records } = domain;
  const { scope } = caller;
  const cutoffs = await cutoffsOf(domain, records, scope);
  const found: (readonly ListedMachine[])[] = [];
  for (const name of ATTENTION_STATUSES) {
    const filter = { scope, states: ["active"] as const, status: { name, cutoffs }, ...impliedBy(name, cutoffs) };
    const ask = { sort: SORTS[name], isDescending: false, filter, limit, after: BEGINNING };
    found.push((await records.lists.machines(ask)).rows);
  }
  const places = shareOut(
    found.map(({ length }) => length),
    limit,
  );
  const items: AttentionItem[] = [];
  for (const [index, status] of ATTENTION_STATUSES.entries())
    for (const machine of found[index]?.slice(0, places[index]) ?? [])
      items.push(await viewItem(domain, machine, { status, cutoffs }));
  const list = { order: "asc", ...listOf(caller) };
  return {
    items: items.slice(0, limit),
    lists: ATTENTION_STATUSES.map((status) => ({ status, filter: { status, sort: SORTS[status], ...list } })),
  };
}

/** Pure: each is sure of an even share of the places, as far as it needs them; what is left goes to the first that want more. */
export function shareOut(wanted: readonly number[], places: number): number[] {
  const sure = Math.max(1, Math.floor(places / wanted.length));
  const shares = wanted.map((each) => Math.min(each, sure));
  let left = places - shares.reduce((sum, each) => sum + each, 0);
  return shares.map((share, index) => {
    const more = Math.max(0, Math.min((wanted[index] ?? 0) - share, left));
    left -= more;
    return share + more;
  });
}

async function viewItem(
  domain: Domain,
  machine: ListedMachine,
  { status, cutoffs }: { status: Status; cutoffs: Cutoffs },
): Promise<AttentionItem> {
  const { records, clock } = domain;
  // That its runs fail is the cause, whether it has been heard of lately or not.
  const before = status === "failing" ? 0 : cutoffFor(machine.userGroup, cutoffs);
  const lastRun = await records.watch.findLastRun(machine.id);
  const agent = await records.agentStates.find(machine.id);
  const { cause, message } = overdueCause(machine, lastRun, { before, now: clock.now(), agent });
  return {
    machine: { id: machine.id, name: machine.name },
    user: { id: machine.account, email: machine.login, name: machine.userName },
    group: { id: machine.userGroup, name: machine.groupName, isDefault: machine.groupIsDefault === 1 },
    organization: { id: machine.organization, name: machine.organizationName },
    status,
    cause,
    code: cause === "failing" || cause === "quota-full" ? machine.lastFailureCode : null,
    message,
    since: instant(await sinceOf(domain, machine, status)),
    lastUpdateAt: instantOrNull(machine.lastUpdateAt),
    lastSeenAt: instantOrNull(machine.lastSeenAt),
  };
}

const cutoffFor = (group: string, { byGroup, otherwise }: Cutoffs): number =>
  byGroup.find(({ groups }) => groups.includes(group))?.at ?? otherwise;

async function sinceOf({ records }: Domain, machine: ListedMachine, status: Status): Promise<number> {
  const { lastUpdateAt, lastSeenAt, lastFailureAt, createdAt } = machine;
  switch (status) {
    case "failing": {
      const first = await records.watch.findFirstFailure(machine.id, firstIdAt(lastUpdateAt ?? createdAt));
      return first?.endedAt ?? lastFailureAt ?? createdAt;
    }
    case "late":
      return lastUpdateAt ?? createdAt;
    case "never":
      return createdAt;
    case "offline":
      return lastSeenAt ?? createdAt;
  }
}
