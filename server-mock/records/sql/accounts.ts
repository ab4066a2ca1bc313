/** Organizations, accounts, tokens, product keys: who may do what. */
import type { Accounts, Organizations, ProductKeys, Tokens } from "../records.ts";
import type { Sql } from "./database.ts";

export const sqlOrganizations = (sql: Sql): Organizations => ({
  async insert(row) {
    await sql.insertInto("organizations").values(row).execute();
  },
  find: (id) => sql.selectFrom("organizations").selectAll().where("id", "=", id).executeTakeFirst(),
  findByName: (name) => sql.selectFrom("organizations").selectAll().where("name", "=", name).executeTakeFirst(),
  list: ({ limit, after }) =>
    sql
      .selectFrom("organizations")
      .selectAll()
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async count() {
    const { count } = await sql
      .selectFrom("organizations")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return Number(count);
  },
});

export const sqlAccounts = (sql: Sql): Accounts => ({
  async insert(row) {
    await sql.insertInto("accounts").values(row).execute();
  },
  find: (id) => sql.selectFrom("accounts").selectAll().where("id", "=", id).executeTakeFirst(),
  findByEmail: (email) => sql.selectFrom("accounts").selectAll().where("email", "=", email).executeTakeFirst(),
  list: ({ limit, after }, { organization, role }) =>
    sql
      .selectFrom("accounts")
      .selectAll()
      .where("role", "=", role)
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async change(id, columns) {
    await sql.updateTable("accounts").set(columns).where("id", "=", id).execute();
  },
});

export const sqlTokens = (sql: Sql): Tokens => ({
  async insert(row) {
    await sql.insertInto("tokens").values(row).execute();
  },
  find: (digest) => sql.selectFrom("tokens").selectAll().where("digest", "=", digest).executeTakeFirst(),
  async remove(digest) {
    await sql.deleteFrom("tokens").where("digest", "=", digest).execute();
  },
  async removeOf(owner) {
    const query =
      "account" in owner
        ? sql.deleteFrom("tokens").where("account", "=", owner.account)
        : sql.deleteFrom("tokens").where("machine", "=", owner.machine).where("audience", "=", owner.audience);
    await query.execute();
  },
  async removeExpired(now) {
    await sql.deleteFrom("tokens").where("expiresAt", "<=", now).execute();
  },
});

export const sqlProductKeys = (sql: Sql): ProductKeys => ({
  async insert(row) {
    await sql.insertInto("productKeys").values(row).execute();
  },
  find: (id) => sql.selectFrom("productKeys").selectAll().where("id", "=", id).executeTakeFirst(),
  findByDigest: (digest) => sql.selectFrom("productKeys").selectAll().where("digest", "=", digest).executeTakeFirst(),
  list: ({ limit, after }, { organization, account }) =>
    sql
      .selectFrom("productKeys")
      .selectAll()
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .$if(account !== undefined, (query) => query.where("account", "=", account ?? ""))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async change(id, columns) {
    await sql.updateTable("productKeys").set(columns).where("id", "=", id).execute();
  },
});
