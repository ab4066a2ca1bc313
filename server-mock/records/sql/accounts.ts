/** Organizations, accounts, tokens, product keys: who may do what. */
import type { Accounts, Links, Organizations, Tokens } from "../records.ts";
import type { Sql } from "./database.ts";
import { foldedText, refreshMachines, refreshUsers, touchesUserList } from "./list-keys.ts";
import { within } from "./scope.ts";

export const sqlOrganizations = (sql: Sql): Organizations => ({
  async insert(row) {
    await sql.insertInto("organizations").values(row).execute();
  },
  find: (id) => sql.selectFrom("organizations").selectAll().where("id", "=", id).executeTakeFirst(),
  findBySubdomain: (subdomain) =>
    sql.selectFrom("organizations").selectAll().where("subdomain", "=", subdomain).executeTakeFirst(),
  findByName: (name) => sql.selectFrom("organizations").selectAll().where("name", "=", name).executeTakeFirst(),
  list: ({ limit, after }) =>
    sql
      .selectFrom("organizations")
      .selectAll()
      .where("state", "!=", "deleted")
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async count() {
    const { count } = await sql
      .selectFrom("organizations")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("state", "!=", "deleted")
      .executeTakeFirstOrThrow();
    return Number(count);
  },
  async change(id, columns) {
    await sql.updateTable("organizations").set(columns).where("id", "=", id).execute();
  },
  async remove(id) {
    await sql.deleteFrom("organizations").where("id", "=", id).execute();
  },
});

export const sqlAccounts = (sql: Sql): Accounts => ({
  async insert(row) {
    await sql
      .insertInto("accounts")
      .values({ ...row, ...foldedText(row) })
      .execute();
    await refreshUsers(sql, { id: row.id });
  },
  find: (id) => sql.selectFrom("accounts").selectAll().where("id", "=", id).executeTakeFirst(),
  findByLogin: (login) => sql.selectFrom("accounts").selectAll().where("login", "=", login).executeTakeFirst(),
  listByEmail: (email) => sql.selectFrom("accounts").selectAll().where("email", "=", email).orderBy("id").execute(),
  list: ({ limit, after }, { role, ...scope }) =>
    sql
      .selectFrom("accounts")
      .selectAll()
      .where("role", "=", role)
      .where("state", "!=", "purged")
      .where(within(scope, { organization: "organization", group: "userGroup", account: "id" }))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async change(id, columns) {
    await sql
      .updateTable("accounts")
      .set({ ...columns, ...foldedText(columns) })
      .where("id", "=", id)
      .execute();
    if (touchesUserList(columns)) await refreshUsers(sql, { id });
    if (columns.login !== undefined) await refreshMachines(sql, { account: id });
  },
  async recount(id) {
    const { count, last } = await sql
      .selectFrom("machines")
      .select((eb) => [eb.fn.countAll<number>().as("count"), eb.fn.max("lastUpdateAt").as("last")])
      .where("account", "=", id)
      .where("deletedAt", "is", null)
      .executeTakeFirstOrThrow();
    const lastBackupAt = last === null ? null : Number(last);
    await sql
      .updateTable("accounts")
      .set({ machineCount: Number(count), lastBackupAt, listBackedUp: lastBackupAt ?? 0 })
      .where("id", "=", id)
      .execute();
  },
});

export const sqlLinks = (sql: Sql): Links => ({
  async insert(row) {
    await sql.insertInto("links").values(row).execute();
  },
  find: (digest) => sql.selectFrom("links").selectAll().where("digest", "=", digest).executeTakeFirst(),
  findNewest: (account, purpose) =>
    sql
      .selectFrom("links")
      .selectAll()
      .where("account", "=", account)
      .where("purpose", "=", purpose)
      .orderBy("createdAt", "desc")
      .executeTakeFirst(),
  async removeOf(account, purpose) {
    await sql
      .deleteFrom("links")
      .where("account", "=", account)
      .$if(purpose !== undefined, (query) => query.where("purpose", "=", purpose ?? "reset"))
      .execute();
  },
  async removeExpired(now) {
    await sql.deleteFrom("links").where("expiresAt", "<=", now).execute();
  },
});

export const sqlTokens = (sql: Sql): Tokens => ({
  async insert(row) {
    await sql.insertInto("tokens").values(row).execute();
  },
  find: (digest) => sql.selectFrom("tokens").selectAll().where("digest", "=", digest).executeTakeFirst(),
  findById: (id) => sql.selectFrom("tokens").selectAll().where("id", "=", id).executeTakeFirst(),
  listConsole: (account, { limit, after }, { isNamed }) =>
    sql
      .selectFrom("tokens")
      .selectAll()
      .where("account", "=", account)
      .where("audience", "=", "console")
      .where("id", "is not", null)
      .where("name", isNamed ? "is not" : "is", null)
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async change(digest, columns) {
    await sql.updateTable("tokens").set(columns).where("digest", "=", digest).execute();
  },
  async remove(digest) {
    await sql.deleteFrom("tokens").where("digest", "=", digest).execute();
  },
  async removeOtherLogIns(account, digest) {
    await sql
      .deleteFrom("tokens")
      .where("account", "=", account)
      .where("audience", "=", "console")
      .where("name", "is", null)
      .where("digest", "!=", digest)
      .execute();
  },
  async removeOf(owner) {
    const query =
      "account" in owner
        ? sql
            .deleteFrom("tokens")
            .where((eb) => eb.or([eb("account", "=", owner.account), eb("actor", "=", owner.account)]))
        : sql.deleteFrom("tokens").where("machine", "=", owner.machine).where("audience", "=", owner.audience);
    await query.execute();
  },
  async removeOfRestore({ id, machine }) {
    await sql.deleteFrom("tokens").where("machine", "=", machine).where("restore", "=", id).execute();
  },
  async removeExpired(now) {
    await sql.deleteFrom("tokens").where("expiresAt", "<=", now).execute();
  },
});
