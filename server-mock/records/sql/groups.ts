/** Groups, roles, and the pools of room and licences. */
import { bug } from "../../../protocol/errors.ts";
import type { Groups, Pools, Roles } from "../records.ts";
import type { Sql } from "./database.ts";
import { groupListName, refreshGroup } from "./list-keys.ts";

export const sqlGroups = (sql: Sql): Groups => ({
  async insert(row) {
    await sql
      .insertInto("userGroups")
      .values({ ...row, listName: groupListName(row) })
      .execute();
  },
  find: (id) => sql.selectFrom("userGroups").selectAll().where("id", "=", id).executeTakeFirst(),
  findByName: (organization, name) =>
    sql
      .selectFrom("userGroups")
      .selectAll()
      .where("organization", "=", organization)
      .where("name", "=", name)
      .executeTakeFirst(),
  findDefault: (organization) =>
    sql
      .selectFrom("userGroups")
      .selectAll()
      .where("organization", "=", organization)
      .where("isDefault", "=", 1)
      .executeTakeFirst(),
  list: ({ limit, after }, { organization, groups }) =>
    sql
      .selectFrom("userGroups")
      .selectAll()
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      // An empty list would not be SQL; no row has an empty id.
      .$if(groups !== undefined, (query) => query.where("id", "in", groups?.length ? [...groups] : [""]))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async change(id, columns) {
    await sql.updateTable("userGroups").set(columns).where("id", "=", id).execute();
    if (columns.name !== undefined || columns.isDefault !== undefined) await refreshGroup(sql, id);
  },
  async remove(id) {
    await sql.deleteFrom("userGroups").where("id", "=", id).execute();
  },
  async countMembers(id) {
    const [accounts, keys] = [
      await sql
        .selectFrom("accounts")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .where("userGroup", "=", id)
        .executeTakeFirstOrThrow(),
      await sql
        .selectFrom("productKeys")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .where("userGroup", "=", id)
        .executeTakeFirstOrThrow(),
    ];
    return Number(accounts.count) + Number(keys.count);
  },
});

export const sqlRoles = (sql: Sql): Roles => ({
  async insert(row) {
    await sql.insertInto("roles").values(row).execute();
  },
  find: (id) => sql.selectFrom("roles").selectAll().where("id", "=", id).executeTakeFirst(),
  findByName: (organization, name) =>
    sql
      .selectFrom("roles")
      .selectAll()
      .where("organization", "=", organization)
      .where("name", "=", name)
      .executeTakeFirst(),
  list: ({ limit, after }, organization) =>
    sql
      .selectFrom("roles")
      .selectAll()
      .where("organization", "=", organization)
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async change(id, columns) {
    await sql.updateTable("roles").set(columns).where("id", "=", id).execute();
  },
  async remove(id) {
    await sql.deleteFrom("roles").where("id", "=", id).execute();
  },
  async countAccounts(id) {
    const { count } = await sql
      .selectFrom("accounts")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("roleId", "=", id)
      .where("state", "!=", "deleted")
      .executeTakeFirstOrThrow();
    return Number(count);
  },
});

export const sqlPools = (sql: Sql): Pools => ({
  async insert(rows) {
    await sql
      .insertInto("pools")
      .values([...rows])
      .execute();
  },
  find: (holder, kind) =>
    sql.selectFrom("pools").selectAll().where("holder", "=", holder).where("kind", "=", kind).executeTakeFirst(),
  list: (holder) => sql.selectFrom("pools").selectAll().where("holder", "=", holder).orderBy("kind").execute(),
  async change(holder, kind, columns) {
    await sql.updateTable("pools").set(columns).where("holder", "=", holder).where("kind", "=", kind).execute();
  },
  async removeOf(holder) {
    await sql.deleteFrom("pools").where("holder", "=", holder).execute();
  },
  async move(from, to, used) {
    for (const [holder, sign] of [
      [from, -1],
      [to, 1],
    ] as const)
      for (const [kind, bytes] of [["all", used.desktop + used.server], ...Object.entries(used)] as const)
        await addUsed(sql, [holder], [kind], sign * bytes);
  },
});

/** Adds to the use of the holders' pools of these kinds. */
export async function addUsed(
  sql: Sql,
  holders: readonly string[],
  kinds: readonly string[],
  bytes: number,
): Promise<void> {
  if (holders.length === 0) return bug("use was charged to nobody");
  await sql
    .updateTable("pools")
    .set((eb) => ({ usedBytes: eb("usedBytes", "+", bytes) }))
    .where("holder", "in", [...holders])
    .where((eb) => eb.or(kinds.map((kind) => eb("kind", "=", kind as "all")))) // Any of the three: it only narrows.
    .execute();
}
