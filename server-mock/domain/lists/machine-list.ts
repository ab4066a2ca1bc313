/** Search / List Machines: as people see them, and as a file with the same columns. */
import type {
  MachineItem,
  MachineList,
  MachineListChoice,
  MachineListQuery,
} from "../../../protocol/messages/lists.ts";
import type { ListAsk, ListedMachine, MachineListFilter, MachineSort } from "../../records/lists.ts";
import type { RecordStores } from "../../records/records.ts";
import { getGroup, getUser, requireCapability } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import { cutoffsOf } from "../alerts/cutoffs.ts";
import { quotaView } from "../backup/quota.ts";
import type { Domain } from "../domain.ts";
import { machineLimitAllowed } from "../people/limits.ts";
import type { Columns } from "../records/record-columns.ts";
import { instant, instantOrNull, wrapOf } from "../views.ts";
import { impliedBy, machineFilter } from "./filters.ts";
import { listPage, listPages } from "./list-pages.ts";
import * as shown from "./shown.ts";

/** Newest first unless asked otherwise. Throws `group/missing`, `user/missing`, `request/malformed` for a cursor of another list. */
export async function listMachines(
  domain: Domain,
  caller: ConsoleCaller,
  query: MachineListQuery,
): Promise<MachineList> {
  const asked = await askFor(domain, caller, query);
  const find = (ask: ListAsk<MachineSort, MachineListFilter>) => domain.records.lists.machines(ask);
  return await listPage(asked, query, find, async (rows) => {
    const items: MachineItem[] = [];
    for (const row of rows)
      items.push(viewItem(row, query.user === undefined ? null : await roomOf(domain.records, row)));
    return items;
  });
}

/** The whole list as it was asked for, with the columns of the screen. */
export async function exportMachines(
  domain: Domain,
  caller: ConsoleCaller,
  choice: MachineListChoice,
): Promise<{ columns: Columns<ListedMachine>; pages: AsyncIterable<readonly ListedMachine[]> }> {
  const { records, clock } = domain;
  const asked = await askFor(domain, caller, choice);
  const isOfAll = caller.scope.organization === undefined;
  return {
    columns: isOfAll ? [...machineColumns(clock.now()), ORGANIZATION] : machineColumns(clock.now()),
    pages: listPages(asked, (ask) => records.lists.machines(ask)),
  };
}

export const machineColumns = (now: number): Columns<ListedMachine> => [
  ["External ID", ({ externalId }) => externalId ?? ""],
  ["Machine", ({ name }) => name],
  ["User", ({ login }) => login],
  ["User Group", shown.shownGroup],
  ["Storage Used", ({ usedBytes }) => shown.shownUsed(usedBytes)],
  ["Created", ({ createdAt }) => shown.shownDate(createdAt)],
  ["Last Update", ({ lastUpdateAt }) => (lastUpdateAt === null ? "N/A" : shown.shownDate(lastUpdateAt))],
  ["Backed Up", ({ lastUpdateAt }) => shown.shownSince(lastUpdateAt, now)],
];

const ORGANIZATION = ["Organization", ({ organizationName }: ListedMachine) => organizationName] as const;

async function askFor(
  domain: Domain,
  asker: ConsoleCaller,
  choice: MachineListChoice,
): Promise<Pick<ListAsk<MachineSort, MachineListFilter>, "sort" | "isDescending" | "filter">> {
  const { records, clock } = domain;
  const { sort = "created", order, search, full = false, group, kind, filter, user, status } = choice;
  const caller = await narrowed(records, asker, choice.organization);
  // People see their own machines without being allowed to see others'.
  if (caller.scope.account === undefined) requireCapability(caller, "machines.view");
  if (group !== undefined) await getGroup(records, caller, group);
  if (user !== undefined) await getUser(records, caller, user);
  const needsCutoffs = filter === "overdue" || status !== undefined;
  const cutoffs = needsCutoffs ? await cutoffsOf(domain, records, caller.scope) : undefined;
  const named = machineFilter(filter, clock.now());
  const implied = status === undefined || cutoffs === undefined ? {} : impliedBy(status, cutoffs);
  return {
    sort,
    isDescending: (order ?? (sort === "created" ? "desc" : "asc")) === "desc",
    filter: {
      scope: caller.scope,
      ...implied,
      ...named,
      backedUp: named.backedUp ?? implied.backedUp,
      overdue: filter === "overdue" ? cutoffs : implied.overdue,
      status: status === undefined || cutoffs === undefined ? undefined : { name: status, cutoffs },
      group,
      kind,
      user,
      search: search === undefined ? undefined : { text: search, isExact: !full },
    },
  };
}

/** Looked at machine by machine, so only where a list is short. */
async function roomOf(stores: RecordStores, row: ListedMachine): Promise<MachineItem["room"]> {
  if (row.deletedAt !== null) return null;
  const { availableBytes } = await quotaView(stores, row);
  return { availableBytes, limitRange: await machineLimitAllowed(stores, row) };
}

const viewItem = (row: ListedMachine, room: MachineItem["room"]): MachineItem => ({
  id: row.id,
  externalId: row.externalId,
  name: row.name,
  os: row.os,
  kind: row.kind,
  virtual: row.virtual === 1,
  state: row.state,
  user: { id: row.account, email: row.login, name: row.userName },
  group: { id: row.userGroup, name: row.groupName, isDefault: row.groupIsDefault === 1 },
  organization: { id: row.organization, name: row.organizationName },
  encryption: row.wrap === null ? "default" : wrapOf({ wrap: row.wrap }).kind,
  clientVersion: row.agentVersion === "" ? "unknown" : row.agentVersion,
  usedBytes: row.usedBytes,
  limitBytes: row.limitBytes,
  createdAt: instant(row.createdAt),
  lastUpdateAt: instantOrNull(row.lastUpdateAt),
  lastSeenAt: instantOrNull(row.lastSeenAt),
  lastFailureAt: instantOrNull(row.lastFailureAt),
  lastFailureCode: row.lastFailureCode,
  deletedAt: instantOrNull(row.deletedAt),
  room,
  shown: { group: shown.shownGroup(row), storageUsed: shown.shownUsed(row.usedBytes) },
  version: row.version,
});
