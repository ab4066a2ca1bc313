/** Search / List Users: as people see them, and as a file with the same columns. */
import type { UserItem, UserList, UserListChoice, UserListQuery } from "../../../protocol/messages/lists.ts";
import type { ListAsk, ListedUser, UserListFilter, UserSort } from "../../records/lists.ts";
import type { RecordStores } from "../../records/records.ts";
import { getGroup } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { settingsOf } from "../people/settings.ts";
import type { Columns } from "../records/record-columns.ts";
import { instant, instantOrNull } from "../views.ts";
import { userFilter } from "./filters.ts";
import { listPage, listPages } from "./list-pages.ts";
import * as shown from "./shown.ts";

/** Newest first unless asked otherwise. Throws `group/missing`, `request/malformed` for a cursor of another list. */
export async function listUsers(domain: Domain, caller: ConsoleCaller, query: UserListQuery): Promise<UserList> {
  const { records } = domain;
  const asked = await askFor(domain, caller, query);
  return await listPage(
    asked,
    query,
    (ask) => records.lists.users(ask),
    async (rows) => {
      const separate = await separateOf(records, rows);
      return rows.map((row) => viewItem(row, separate.has(row.organization ?? "")));
    },
  );
}

type Line = ListedUser & { readonly isSeparate: boolean };

/** The whole list as it was asked for, with the columns of the screen. */
export async function exportUsers(
  domain: Domain,
  caller: ConsoleCaller,
  choice: UserListChoice,
): Promise<{ columns: Columns<Line>; pages: AsyncIterable<readonly Line[]> }> {
  const { records, clock } = domain;
  const asked = await askFor(domain, caller, choice);
  const isOfAll = caller.scope.organization === undefined;
  const columns = userColumns(clock.now());
  return { columns: isOfAll ? [...columns, ORGANIZATION] : columns, pages: userLines(records, asked) };
}

/** Reports have them, too. */
export async function* userLines(
  stores: RecordStores,
  asked: Pick<ListAsk<UserSort, UserListFilter>, "sort" | "isDescending" | "filter">,
): AsyncGenerator<Line[]> {
  for await (const rows of listPages(asked, (ask) => stores.lists.users(ask))) {
    const separate = await separateOf(stores, rows);
    yield rows.map((row): Line => ({ ...row, isSeparate: separate.has(row.organization ?? "") }));
  }
}

export const userColumns = (now: number): Columns<Line> => [
  ["External ID", ({ externalId }) => externalId ?? ""],
  ["User", ({ login }) => login],
  ["Name", ({ name }) => name],
  ["User Group", shown.shownGroup],
  ["Sync", shown.shownSync],
  ["Machines", ({ machineCount }) => String(machineCount)],
  ["Storage", (row) => shown.shownStorage(row, row.isSeparate).join("\n")],
  ["Storage Used", (row) => shown.shownStorageUsed(row, row.isSeparate).join("\n")],
  ["Created", ({ createdAt }) => shown.shownDate(createdAt)],
  ["Backed Up", ({ lastBackupAt }) => shown.shownSince(lastBackupAt, now)],
];

/** For top-level admins, who alone see several. */
const ORGANIZATION = ["Organization", ({ organizationName }: Line) => organizationName] as const;

async function askFor(
  { records, clock }: Domain,
  asker: ConsoleCaller,
  { sort = "created", order, search, full = false, organization, group, kind, filter }: UserListChoice,
): Promise<Pick<ListAsk<UserSort, UserListFilter>, "sort" | "isDescending" | "filter">> {
  const caller = await narrowed(records, asker, organization);
  if (group !== undefined) await getGroup(records, caller, group);
  return {
    sort,
    isDescending: (order ?? (sort === "created" ? "desc" : "asc")) === "desc",
    filter: {
      scope: caller.scope,
      ...userFilter(filter, clock.now()),
      group,
      kind,
      search: search === undefined ? undefined : { text: search, isExact: !full },
    },
  };
}

/** Organizations whose Server and Desktop storage are apart. */
async function separateOf(stores: RecordStores, rows: readonly ListedUser[]): Promise<ReadonlySet<string>> {
  const separate = new Set<string>();
  for (const id of new Set(rows.map(({ organization }) => organization ?? ""))) {
    const organization = await stores.organizations.find(id);
    if (organization !== undefined && settingsOf(organization).separatePools) separate.add(id);
  }
  return separate;
}

const viewItem = (row: ListedUser, isSeparate: boolean): UserItem => ({
  id: row.id,
  externalId: row.externalId,
  email: row.login,
  name: row.name,
  organization: { id: row.organization ?? "", name: row.organizationName },
  group: { id: row.userGroup ?? "", name: row.groupName, isDefault: row.groupIsDefault === 1 },
  kind: row.kind,
  state: row.state === "purged" ? "deleted" : row.state,
  sync: row.sync === 1,
  machines: row.machineCount,
  limitBytes: row.limitBytes,
  overageBytes: row.overageBytes,
  usedBytes: row.usedBytes,
  devices: {
    desktop: { used: row.byKind.desktop.machines, limit: row.desktopDevices },
    server: { used: row.byKind.server.machines, limit: row.serverDevices },
  },
  createdAt: instant(row.createdAt),
  lastBackupAt: instantOrNull(row.lastBackupAt),
  shown: {
    group: shown.shownGroup(row),
    sync: shown.shownSync(row),
    storage: shown.shownStorage(row, isSeparate),
    storageUsed: shown.shownStorageUsed(row, isSeparate),
  },
  version: row.version,
});
