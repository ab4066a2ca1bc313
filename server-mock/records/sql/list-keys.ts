/**
 * Keeps what lists are sorted, filtered and searched by in line with the rows. Whoever writes a column of `USER_COLUMNS` or `MACHINE_COLUMNS` calls
 * this in the same transaction. Text is compared in small letters, byte by byte.
 */
import { type ColumnType, type RawBuilder, sql as raw } from "kysely";
import type { AccountRow, GroupRow, MachineRow } from "../rows.ts";
import type { Sql } from "./database.ts";

type Kept<Value> = ColumnType<Value, Value | undefined, Value>;

export interface GroupListKeys {
  listName: Kept<string>;
}

export interface UserListKeys {
  listName: Kept<string>;
  listExternal: Kept<string>;
  listGroup: Kept<string>;
  /** "" for either. */
  listKind: Kept<string>;
  /** `USER_STATES`; -1: no user, or purged. */
  listState: Kept<number>;
  /** 0: never. */
  listBackedUp: Kept<number>;
  /** `SHARED_LIMIT`: no limit of its own. */
  listLimit: Kept<number>;
  /** All that is searched, a line each. */
  listText: Kept<string>;
}

export interface MachineListKeys {
  listName: Kept<string>;
  listExternal: Kept<string>;
  listUser: Kept<string>;
  listGroup: Kept<string>;
  /** `MACHINE_STATES`; -1: purged. */
  listState: Kept<number>;
  listBackedUp: Kept<number>;
  /** The last success, or else its creation: what decides whether it is overdue. */
  listSince: Kept<number>;
  listFailing: Kept<number>;
  listText: Kept<string>;
}

export const USER_STATES = { active: 0, inactive: 1, suspended: 2, canceled: 3, deleted: 4 } as const;
export const MACHINE_STATES = { active: 0, suspended: 1, deleted: 2 } as const;
const SHARED_LIMIT = Number.MAX_SAFE_INTEGER;
const DEFAULT_GROUP = "(default user group)";

const USER_COLUMNS: ReadonlySet<string> = new Set<keyof AccountRow>(
  // Lines as long as they may be; one each would be a page.
  ["role", "login", "name", "externalId", "userGroup", "kind", "state", "limitBytes", "lastBackupAt"],
);
const MACHINE_COLUMNS: ReadonlySet<string> = new Set<keyof MachineRow>([
  ...(["account", "userGroup", "name", "externalId", "state", "deletedAt", "purgedAt", "createdAt"] as const),
  ...(["lastUpdateAt", "lastFailureAt"] as const),
]);

export const fold = (text: string | null | undefined): string => (text ?? "").toLowerCase();

/** The folded texts among the columns that are about to be written. */
export const foldedText = (columns: { name?: string; externalId?: string | null }) => ({
  ...(columns.name === undefined ? {} : { listName: fold(columns.name) }),
  ...(columns.externalId === undefined ? {} : { listExternal: fold(columns.externalId) }),
});

export const groupListName = ({ name, isDefault }: Pick<GroupRow, "name" | "isDefault">): string =>
  isDefault === 1 ? DEFAULT_GROUP : fold(name);

export const touchesUserList = (columns: object): boolean => touches(columns, USER_COLUMNS);
export const touchesMachineList = (columns: object): boolean => touches(columns, MACHINE_COLUMNS);

const touches = (columns: object, listed: ReadonlySet<string>): boolean =>
  Object.keys(columns).some((name) => listed.has(name));

export async function refreshUsers(sql: Sql, which: { id: string } | { userGroup: string }): Promise<void> {
  const [[column, value] = ["id", ""]] = Object.entries(which);
  await sql
    .updateTable("accounts")
    .set({
      listGroup: groupNameOf("accounts"),
      listKind: raw<string>`coalesce(${raw.ref("kind")}, '')`,
      listState: raw<number>`case when ${raw.ref("role")} <> 'user' then -1 ${states(USER_STATES)} else -1 end`,
      listBackedUp: raw<number>`coalesce(${raw.ref("lastBackupAt")}, 0)`,
      listLimit: raw<number>`coalesce(${raw.ref("limitBytes")}, ${raw.lit(SHARED_LIMIT)})`,
      listText: joined("listName", "login", "listExternal"),
    })
    .where(column as "id", "=", value) // One of two names.
    .execute();
}

const states = (known: Readonly<Record<string, number>>): RawBuilder<unknown> =>
  raw.join(
    Object.entries(known).map(
      ([name, state]) => raw`when ${raw.ref("state")} = ${raw.lit(name)} then ${raw.lit(state)}`,
    ),
    raw` `,
  );

export async function refreshMachines(
  sql: Sql,
  which: { id: string } | { account: string } | { userGroup: string },
): Promise<void> {
  const [[column, value] = ["id", ""]] = Object.entries(which);
  const { deleted, suspended, active } = MACHINE_STATES;
  await sql
    .updateTable("machines")
    .set({
      listUser: loginOf(),
      listGroup: groupNameOf("machines"),
      listState: raw<number>`case when ${raw.ref("purgedAt")} is not null then -1
        when ${raw.ref("deletedAt")} is not null then ${raw.lit(deleted)}
        when ${raw.ref("state")} = 'suspended' then ${raw.lit(suspended)} else ${raw.lit(active)} end`,
      listBackedUp: raw<number>`coalesce(${raw.ref("lastUpdateAt")}, 0)`,
      listSince: raw<number>`coalesce(${raw.ref("lastUpdateAt")}, ${raw.ref("createdAt")})`,
      listFailing: raw<number>`case when ${raw.ref("lastFailureAt")} > coalesce(${raw.ref("lastUpdateAt")}, 0) then 1 else 0 end`,
    })
    .where(column as "id", "=", value) // One of three names.
    .execute();
  await sql
    .updateTable("machines")
    .set({ listText: joined("listName", "listUser", "listExternal") })
    .where(column as "id", "=", value)
    .execute();
}

export async function refreshGroup(sql: Sql, id: string): Promise<void> {
  const group = await sql.selectFrom("userGroups").selectAll().where("id", "=", id).executeTakeFirst();
  if (group === undefined || group.listName === groupListName(group)) return;
  await sql
    .updateTable("userGroups")
    .set({ listName: groupListName(group) })
    .where("id", "=", id)
    .execute();
  await refreshUsers(sql, { userGroup: id });
  await refreshMachines(sql, { userGroup: id });
}

const groupNameOf = (table: "accounts" | "machines"): RawBuilder<string> =>
  raw<string>`coalesce((select ${raw.ref("userGroups.listName")} from ${raw.table("userGroups")}
    where ${raw.ref("userGroups.id")} = ${raw.ref(`${table}.userGroup`)}), '')`;

const loginOf = (): RawBuilder<string> =>
  raw<string>`coalesce((select ${raw.ref("accounts.login")} from ${raw.table("accounts")}
    where ${raw.ref("accounts.id")} = ${raw.ref("machines.account")}), '')`;

const joined = (...columns: string[]): RawBuilder<string> =>
  raw<string>`${raw.join(
    columns.map((column) => raw.ref(column)),
    raw` || ${raw.lit("\n")} || `,
  )}`;
