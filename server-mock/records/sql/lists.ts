/** Lists of users and machines: which rows (`list-walk.ts`), then the rows themselves with the names beside them. */
import { type RawBuilder, sql as raw, type SqlBool } from "kysely";
import type {
  KindUse,
  ListAsk,
  ListedUser,
  ListFilter,
  ListFound,
  Lists,
  MachineListFilter,
  MachineSort,
  UserListFilter,
  UserSort,
} from "../lists.ts";
import type { AccountRow, DeviceKind } from "../rows.ts";
import type { Sql } from "./database.ts";
import * as conditions from "./list-conditions.ts";
import { fold, MACHINE_STATES, USER_STATES } from "./list-keys.ts";
import { type FoundIds, findIds, type ListOrder } from "./list-walk.ts";
import { byKind } from "./scope.ts";
import { cutoffOf, statusOf } from "./watch.ts";

/** `reversed`: the newest has the shortest time since then. */
type Column = Omit<ListOrder, "isDescending"> & { readonly reversed?: true };

const text = (column: string): Column => ({ column, kind: "text" });
const number = (column: string): Column => ({ column, kind: "number" });

const USER_ORDERS: Readonly<Record<UserSort, Column>> = {
  "external-id": text("listExternal"),
  user: text("login"),
  name: text("listName"),
  group: text("listGroup"),
  sync: number("sync"),
  machines: number("machineCount"),
  storage: number("listLimit"),
  "storage-used": number("usedBytes"),
  created: number("createdAt"),
  "backed-up": { ...number("listBackedUp"), reversed: true },
};

const MACHINE_ORDERS: Readonly<Record<MachineSort, Column>> = {
  "external-id": text("listExternal"),
  machine: text("listName"),
  user: text("listUser"),
  group: text("listGroup"),
  "storage-used": number("usedBytes"),
  created: number("createdAt"),
  "last-update": number("listBackedUp"),
  "backed-up": { ...number("listBackedUp"), reversed: true },
};

export const sqlLists = (sql: Sql): Lists => ({
  async users(ask) {
    const found = await findIds(sql, {
      table: "accounts",
      order: orderOf(USER_ORDERS[ask.sort], ask),
      conditions: userConditions(ask.filter),
      limit: ask.limit,
      after: ask.after,
      few: ask.few,
    });
    const rows = await sql
      .selectFrom("accounts as a")
      .innerJoin("organizations as o", "o.id", "a.organization")
      .innerJoin("userGroups as g", "g.id", "a.userGroup")
      .selectAll("a")
      .select(["o.name as organizationName", "g.name as groupName", "g.isDefault as groupIsDefault"])
      .where("a.id", "in", idsOf(found))
      .execute();
    const uses = await usesOf(sql, rows);
    return inOrder(
      found,
      rows.map((row): ListedUser => ({ ...row, byKind: uses.get(row.id) ?? useOf(row) })),
    );
  },
  async machines(ask) {
    const found = await findIds(sql, {
      table: "machines",
      order: orderOf(MACHINE_ORDERS[ask.sort], ask),
      conditions: machineConditions(ask.filter),
      limit: ask.limit,
      after: ask.after,
      few: ask.few,
    });
    const rows = await sql
      .selectFrom("machines as m")
      .innerJoin("organizations as o", "o.id", "m.organization")
      .innerJoin("userGroups as g", "g.id", "m.userGroup")
      .innerJoin("accounts as a", "a.id", "m.account")
      .leftJoin("vaults as v", "v.machine", "m.id")
      .selectAll("m")
      .select(["o.name as organizationName", "g.name as groupName", "g.isDefault as groupIsDefault"])
      .select(["a.login", "a.name as userName", "v.wrap"])
      .where("m.id", "in", idsOf(found))
      .execute();
    return inOrder(found, rows);
  },
});

const orderOf = ({ column, kind, reversed }: Column, { isDescending }: ListAsk<unknown, unknown>): ListOrder => ({
  column,
  kind,
  isDescending: reversed === true ? !isDescending : isDescending,
});

// An empty list would not be SQL; no row has an empty id.
const idsOf = ({ ids }: FoundIds): readonly string[] => (ids.length === 0 ? [""] : ids);

function inOrder<Row extends { readonly id: string }>(
  { ids, next, count }: FoundIds,
  rows: readonly Row[],
): ListFound<Row> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return { rows: ids.flatMap((id) => byId.get(id) ?? []), next, count };
}

/** The likely narrowest first. */
const userConditions = (filter: UserListFilter): conditions.ListCondition[] => [
  ...searchOf(filter, ["login", "listName", "listExternal"]),
  ...conditions.withinScope(filter.scope, { account: "id" }),
  ...(filter.group === undefined ? [] : [conditions.textIs("userGroup", filter.group)]),
  conditions.stateIn(filter.states.map((state) => USER_STATES[state])),
  ...(filter.backedUp === undefined ? [] : [conditions.backedUp(filter.backedUp)]),
  ...(filter.kind === undefined ? [] : [conditions.plainly(isText("listKind", filter.kind))]),
];

function machineConditions(filter: MachineListFilter): conditions.ListCondition[] {
  const { user, group, overdue, status } = filter;
  return [
    ...searchOf(filter, ["listName", "listUser", "listExternal"]),
    ...(user === undefined ? [] : [conditions.textIs("account", user)]),
    ...conditions.withinScope(filter.scope, { account: "account" }),
    ...(group === undefined ? [] : [conditions.textIs("userGroup", group)]),
    conditions.stateIn(filter.states.map((state) => MACHINE_STATES[state])),
    ...(filter.isFailing ? [FAILING] : []),
    ...(filter.backedUp === undefined ? [] : [conditions.backedUp(filter.backedUp)]),
    ...(overdue === undefined ? [] : [conditions.plainly(raw`${raw.ref("listSince")} < ${cutoffOf(overdue)}`)]),
    ...(filter.kind === undefined ? [] : [conditions.plainly(isText("kind", filter.kind))]),
    ...(status === undefined ? [] : [conditions.plainly(raw`${statusOf(status.cutoffs)} = ${status.name}`)]),
  ];
}

const FAILING: conditions.ListCondition = {
  plain: raw`${raw.ref("listFailing")} = 1`,
  hidden: raw`${conditions.hidden("listFailing", "number")} = 1`,
  isIndexed: true,
};

const isText = (column: string, value: string): RawBuilder<SqlBool> => raw`${raw.ref(column)} = ${value}`;

function searchOf({ search }: ListFilter<unknown>, columns: readonly string[]): conditions.ListCondition[] {
  if (search === undefined) return [];
  const sought = fold(search.text);
  return [search.isExact ? conditions.anyIs(columns, sought) : conditions.textHas(sought)];
}

const NOTHING: KindUse = { machines: 0, usedBytes: 0 };

/** Of a user with one kind only, the row itself says it. */
function useOf({ kind, machineCount, usedBytes }: AccountRow): Record<DeviceKind, KindUse> {
  const own = { machines: machineCount, usedBytes };
  return { desktop: kind === "desktop" ? own : NOTHING, server: kind === "server" ? own : NOTHING };
}

async function usesOf(sql: Sql, users: readonly AccountRow[]): Promise<Map<string, Record<DeviceKind, KindUse>>> {
  const mixed = users.filter(({ kind, machineCount, usedBytes }) => kind === null && machineCount + usedBytes > 0);
  if (mixed.length === 0) return new Map();
  const sums = await sql
    .selectFrom("machines")
    .select((eb) => [
      "account",
      "kind",
      raw<number>`sum(case when ${raw.ref("deletedAt")} is null then 1 else 0 end)`.as("machines"),
      eb.fn.sum<number>("usedBytes").as("usedBytes"),
    ])
    .where(
      "account",
      "in",
      mixed.map(({ id }) => id),
    )
    .groupBy(["account", "kind"])
    .execute();
  return new Map(
    mixed.map(({ id }) => {
      const own = sums.filter(({ account }) => account === id);
      const machines = byKind(own.map(({ kind, machines }) => ({ kind, count: machines })));
      const used = byKind(own.map(({ kind, usedBytes }) => ({ kind, count: usedBytes })));
      const of = (kind: DeviceKind): KindUse => ({ machines: machines[kind], usedBytes: used[kind] });
      return [id, { desktop: of("desktop"), server: of("server") }];
    }),
  );
}
